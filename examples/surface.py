# Shows how a Python program uses the example. `surface.rs` runs it with the URL of its server.
import sys
from xmlrpc.client import Fault, MultiCall, ServerProxy

library = ServerProxy(sys.argv[1], headers=[("x-reader", "Moe")])


def show(line):
    print(">>>", line)
    try:
        print(repr(eval(line)))
    except Fault as fault:
        print(fault)


show("library.find('Solaris')")
show("library.library.titles('Lem')")
show("library.library.titles()")
show("library.library.lend('Dune')")
show("library.library.lend('Solaris', 3)")
show("library.library.pages('Dune', 'Fiasco')")
show("library.library.search({'author': 'Lem', 'minPages': 300})")
show("library.library.index('to be or not to be')")
show("library.library.find('Ulysses')")
show("library.library.lend('Ulysses', 'long')")
show("library.library.search({'color': 'red'})")
show("library.pow(2, 10)")

multi = MultiCall(library)
multi.library.pages("Dune")
multi.library.close()
multi.pow(3, 3)
show("list(multi())")

show("library.system.listMethods()")
show("library.system.methodHelp('library.lend')")
for method in ["find", "titles", "lend", "pages", "search", "index", "close"]:
    show("library.system.methodSignature('library.%s')" % method)
show("library.system.methodSignature('pow')")
show("library.system.methodExist('library.burn')")
