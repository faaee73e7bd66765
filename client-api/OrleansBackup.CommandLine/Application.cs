using System.CommandLine;
using OrleansBackup.CommandLine.Commands;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine;

/// <summary>The whole command from its words to its exit code, without the process around it.</summary>
internal static class Application
{
    /// <summary>A word that begins with @ is a word here, not a file of further words.</summary>
    private static readonly ParserConfiguration Plain = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] words, Surroundings surroundings, CancellationToken cancellation)
    {
        var parsed = CommandTree.Build(surroundings).Parse(words, Plain);
        if (parsed.Errors.Count > 0 && parsed.Action is not System.CommandLine.Help.HelpAction)
        {
            foreach (var error in parsed.Errors)
                await surroundings.Error.WriteLineAsync(SafeText.Lines(error.Message));
            await surroundings.Error.WriteLineAsync($"'{CommandTree.PathOf(parsed.CommandResult.Command)} --help' says what it takes.");
            return (int)ExitCode.WrongCall;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = surroundings.Out,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are the program's own
        }, cancellation);
    }
}
