using System.CommandLine;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Completion for shells: a script that asks this program what may come next. Nothing else has to be installed.</summary>
internal static class CompletionCommands
{
    private const string Asked = "complete-words";

    private static readonly Argument<string> Shell = new("shell") { Description = "bash, zsh, fish or pwsh" };
    private static readonly Argument<string[]> Words = new("words") { Description = "what is typed so far; the last is completed", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Dictionary<string, string> Script = new(StringComparer.Ordinal)
    {
        ["bash"] = $$"""
            # orleansbackup: completion for bash. Now: source <(orleansbackup completion bash)
            _orleansbackup() {
                local IFS=$'\n'
                COMPREPLY=($("${COMP_WORDS[0]}" {{Asked}} -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
            }
            complete -o default -F _orleansbackup orleansbackup
            """,
        ["zsh"] = $$"""
            #compdef orleansbackup
            # orleansbackup: completion for zsh. Now: source <(orleansbackup completion zsh)
            _orleansbackup() {
                local -a candidates
                candidates=("${(@f)$("${words[1]}" {{Asked}} -- "${(@)words[2,$CURRENT]}" 2>/dev/null)}")
                if [[ -n "${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
            }
            compdef _orleansbackup orleansbackup
            """,
        ["fish"] = $$"""
            # orleansbackup: completion for fish. Now: orleansbackup completion fish | source
            function __orleansbackup_complete
                set -l typed (commandline -opc) (commandline -ct)
                $typed[1] {{Asked}} -- $typed[2..-1] 2>/dev/null
            end
            complete -c orleansbackup -a '(__orleansbackup_complete)'
            """,
        ["pwsh"] = $$"""
            # orleansbackup: completion for PowerShell. Now: orleansbackup completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName orleansbackup -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
                if (-not $wordToComplete) { $typed += '' }
                & $commandAst.CommandElements[0].ToString() {{Asked}} '--' @typed 2>$null | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Scripts(Verbs verbs)
    {
        Shell.AcceptOnlyFromAmong([.. Script.Keys]);
        return verbs.Make("completion", "Prints the completion script of a shell.", [Shell], (call, _) =>
        {
            call.Surroundings.Out.WriteLine(Script[call.Get(Shell)].ReplaceLineEndings("\n"));
            return Task.CompletedTask;
        });
    }

    /// <summary>What the scripts call.</summary>
    public static Command Candidates(Verbs verbs, RootCommand root)
    {
        var command = verbs.Make(Asked, "Prints what the last word may become.", [Words], (call, _) =>
        {
            foreach (var candidate in CandidatesFor(root, call.Get(Words)!))
                call.Surroundings.Out.WriteLine(candidate);
            return Task.CompletedTask;
        });
        command.Hidden = true;
        return command;
    }

    private static IEnumerable<string> CandidatesFor(RootCommand root, string[] words)
    {
        var (before, last) = (words.Length > 0 ? words[..^1] : [], words.Length > 0 ? words[^1] : "");
        // The parser takes words apart as a line only when it is to complete one; quotes and blanks in earlier words do not matter to what comes next.
        var line = string.Concat(before.Select(word => $"{(word.Contains(' ', StringComparison.Ordinal) || word.Length == 0 ? "_" : word)} ")) + last;
        return root.Parse(line).GetCompletions(line.Length).Select(completion => completion.InsertText ?? completion.Label)
            .Where(candidate => candidate.StartsWith(last, StringComparison.Ordinal) && !candidate.StartsWith('/') && candidate is not "-?" and not "-h").Distinct();
    }
}
