# Completes the command `xmlrpc`.
_xmlrpc() {
    # Bash splits words at `:`, `=` and `@`. URLs and names of servers are put together again.
    local line=${COMP_LINE:0:COMP_POINT} part before word candidate i
    local -a words=()
    for (( i = 0; i <= COMP_CWORD; i++ )); do
        before=${line%%[![:space:]]*}
        line=${line#"$before"}
        if (( i == COMP_CWORD )); then
            part=$line
        else
            part=${COMP_WORDS[i]}
            line=${line#"$part"}
        fi
        if (( i == 0 )) || [[ -n $before ]]; then
            words+=("$part")
        else
            words[${#words[@]}-1]+=$part
        fi
    done
    word=${words[${#words[@]}-1]}
    COMPREPLY=()
    # Bash replaces only the last part of a word.
    while IFS= read -r candidate || [[ -n $candidate ]]; do
        COMPREPLY+=("${candidate#"${word%"$2"}"}")
    done < <(COMPLETE=bash _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$(( ${#words[@]} - 1 )) @COMMAND@ -- "${words[@]}" 2>/dev/null)
    if (( ${#COMPREPLY[@]} == 1 )) && [[ ${COMPREPLY[0]} == *[/=:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -F _xmlrpc xmlrpc
