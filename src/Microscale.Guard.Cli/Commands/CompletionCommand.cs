using System.CommandLine;
using Microscale.Guard.Cli.Output;

namespace Microscale.Guard.Cli.Commands;

/// <summary><c>microscale completion</c>: the script that makes a shell complete this tool's command lines.</summary>
/// <remarks>The scripts ask the tool itself (<c>microscale [suggest:position] "line"</c>), so that they never fall behind it.</remarks>
internal sealed class CompletionCommand : CliCommand
{
    private static readonly Dictionary<string, string> s_scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _microscale() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(microscale "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _microscale microscale
            """,
        ["zsh"] = """
            _microscale() {
              local -a completions
              completions=("${(@f)$(microscale "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
              [[ -n "${completions[1]}" ]] && compadd -- "${completions[@]}"
              _files
            }
            compdef _microscale microscale
            """,
        ["fish"] = """
            complete -c microscale -a '(microscale "[suggest:"(commandline -C)"]" (commandline -b) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName microscale -ScriptBlock {
              param($word, $line, $position)
              microscale "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    private readonly Argument<string> _shell = new("shell") { Description = "bash, zsh, fish or pwsh." };

    public CompletionCommand(Terminal terminal)
        : base(
            terminal,
            "completion",
            "Prints the script that makes a shell complete command lines of this tool.",
            new CommandExample("completion bash >> ~/.bashrc", "for bash"),
            new CommandExample("completion zsh >> ~/.zshrc", "for zsh"),
            new CommandExample("completion fish > ~/.config/fish/completions/microscale.fish", "for fish"),
            new CommandExample("completion pwsh >> $PROFILE", "for PowerShell"))
    {
        _shell.AcceptOnlyFromAmong([.. s_scripts.Keys]);
        Arguments.Add(_shell);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await Terminal.Output.WriteLineAsync(s_scripts[arguments.GetValue(_shell)!]);
        return ExitCodes.Success;
    }
}
