//! Asks for a password on the terminal.

#[cfg(unix)]
pub(crate) use self::unix::ask;

#[cfg(not(unix))]
pub(crate) fn ask(prompt: &str) -> std::io::Result<String> {
    rpassword::prompt_password(prompt)
}

#[cfg(unix)]
mod unix {
    use std::{
        fs::{File, OpenOptions},
        io::{self, Read, Write},
    };

    use rustix::termios::{
        LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr,
    };

    /// The longest line of a terminal.
    const MAX_BYTES: usize = 4_096;
    /// Ctrl-C.
    const INTERRUPT: u8 = 3;

    /// Prints the prompt after the terminal stopped showing what is typed, and reads a line.
    ///
    /// # Errors
    ///
    /// Without a terminal, or with [`io::ErrorKind::Interrupted`] and [`io::ErrorKind::UnexpectedEof`]
    /// after Ctrl-C and Ctrl-D.
    pub(crate) fn ask(prompt: &str) -> io::Result<String> {
        let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let hidden = Hidden::new(&terminal)?;
        (&terminal).write_all(prompt.as_bytes())?;
        let line = read_line(&terminal);
        drop(hidden);
        if !matches!(&line, Ok(line) if line.ends_with(b"\n")) {
            (&terminal).write_all(b"\n")?;
        }
        let mut line = line?;
        match line.pop() {
            Some(b'\n') => {}
            Some(INTERRUPT) => return Err(io::ErrorKind::Interrupted.into()),
            Some(last) => line.push(last),
            None => return Err(io::ErrorKind::UnexpectedEof.into()),
        }
        String::from_utf8(line)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the password is not UTF-8"))
    }

    /// The terminal returns one line for each read.
    fn read_line(mut terminal: &File) -> io::Result<Vec<u8>> {
        let mut line = vec![0; MAX_BYTES];
        let length = loop {
            match terminal.read(&mut line) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        line.truncate(length);
        Ok(line)
    }

    /// A terminal that does not show what is typed, until this is dropped.
    struct Hidden<'a> {
        terminal: &'a File,
        before: Termios,
    }

    impl<'a> Hidden<'a> {
        fn new(terminal: &'a File) -> io::Result<Self> {
            let before = tcgetattr(terminal)?;
            let mut hidden = before.clone();
            hidden
                .local_modes
                .remove(LocalModes::ECHO | LocalModes::ISIG);
            hidden
                .local_modes
                .insert(LocalModes::ICANON | LocalModes::ECHONL);
            // Without signals, the terminal is always restored. Ctrl-C ends the line instead.
            hidden.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
            tcsetattr(terminal, OptionalActions::Now, &hidden)?;
            Ok(Self { terminal, before })
        }
    }

    impl Drop for Hidden<'_> {
        fn drop(&mut self) {
            let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        }
    }
}
