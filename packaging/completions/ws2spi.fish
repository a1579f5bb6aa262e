# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ws2spi_global_optspecs
    string join \n h/help V/version
end

function __fish_ws2spi_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ws2spi_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ws2spi_using_subcommand
    set -l cmd (__fish_ws2spi_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ws2spi -n "__fish_ws2spi_needs_command" -s h -l help -d 'Print help'
complete -c ws2spi -n "__fish_ws2spi_needs_command" -s V -l version -d 'Print version'
complete -c ws2spi -n "__fish_ws2spi_needs_command" -f -a "catalog" -d 'Show and change which providers there are, and in which order'
complete -c ws2spi -n "__fish_ws2spi_needs_command" -f -a "doctor" -d 'Find out what is wrong with the installation'
complete -c ws2spi -n "__fish_ws2spi_needs_command" -f -a "error" -d 'Explain an error code'
complete -c ws2spi -n "__fish_ws2spi_needs_command" -f -a "demo" -d 'Show that the installed library works'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -s h -l help -d 'Print help'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "list" -d 'Print every entry, in the order in which sockets choose among them'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "install" -d 'Install a layered provider, in front of what it is layered over'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "remove" -d 'Remove a layer, with its chains'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "order" -d 'Move entries to the front, in this order; the others follow as they are'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "reset" -d 'Go back to the base provider alone'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and not __fish_seen_subcommand_from list install remove order reset check" -f -a "check" -d 'Read the whole catalog, and look at the file of each provider'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from list" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from list" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from list" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l name -d 'What people call it' -r
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l over -d 'Put it over these entries, base protocols or chains' -r
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l guid -d 'Its GUID; without it, a new one' -r
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l category -d 'What it does, for programs that do not load everything' -r -f -a "system\t''
inspector\t''
redirector\t''
proxy\t''
firewall\t''
inbound-modify\t''
outbound-modify\t''
crypto-compress\t''
local-cache\t''"
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l ifs -d 'It hands out the handles of the provider below (XP1_IFS_HANDLES)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from remove" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from remove" -l with-dependents -d 'Remove also the chains of other layers that run through it'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from remove" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from remove" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from order" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from order" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from order" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from order" -s h -l help -d 'Print help'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from reset" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from reset" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from reset" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from check" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from check" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from check" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand catalog; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand doctor" -l catalog -d 'Use this catalog' -r -F
complete -c ws2spi -n "__fish_ws2spi_using_subcommand doctor" -l json -d 'Print JSON'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand doctor" -l user -d 'Use the user\'s catalog, $XDG_CONFIG_HOME/ws2spi/catalog.toml (usually in ~/.config)'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand doctor" -l system -d 'Use the system\'s catalog, /etc/ws2spi/catalog.toml'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand error" -s h -l help -d 'Print help'
complete -c ws2spi -n "__fish_ws2spi_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
