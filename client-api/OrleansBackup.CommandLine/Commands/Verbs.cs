using System.CommandLine;
using System.Text.Json;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Makes commands, and gives each the same end: what went wrong on standard error, and an exit code.</summary>
internal sealed class Verbs(Surroundings surroundings)
{
    public Surroundings Surroundings => surroundings;

    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Subcommands.Add(command);
        return group;
    }

    public Command Make(string name, string description, Symbol[] parts, Func<Call, CancellationToken, Task<ExitCode>> act)
    {
        var command = new Command(name, description);
        foreach (var part in parts)
        {
            if (part is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)part);
        }
        command.SetAction(async (parsed, cancellation) => (int)await EndAsync(parsed, act, cancellation));
        return command;
    }

    /// <summary>For what always ends well when it does not throw.</summary>
    public Command Make(string name, string description, Symbol[] parts, Func<Call, CancellationToken, Task> act) => Make(name, description, parts, async (call, cancellation) =>
    {
        await act(call, cancellation);
        return ExitCode.Done;
    });

    private async Task<ExitCode> EndAsync(ParseResult parsed, Func<Call, CancellationToken, Task<ExitCode>> act, CancellationToken cancellation)
    {
        using var call = new Call(parsed, surroundings);
        try
        {
            return await act(call, cancellation);
        }
        catch (CommandFailedException e)
        {
            Tell("error", e.Message);
            if (e.Cure is { } cure)
                Tell("what to do", cure);
            if (e.Reference is { Length: > 0 } reference)
                Tell("reference", reference);
            return e.Code;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Tell("interrupted", "What the server had been asked by then goes on.");
            return ExitCode.Interrupted;
        }
        catch (JsonException e)
        {
            Tell("error", $"The server's answer cannot be understood: {e.Message}");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Tell("error", e.Message);
            return ExitCode.Failed;
        }
    }

    private void Tell(string what, string text) => surroundings.Error.WriteLine($"{what}: {SafeText.Lines(text)}");
}
