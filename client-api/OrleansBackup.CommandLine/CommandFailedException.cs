namespace OrleansBackup.CommandLine;

/// <summary>An end of the command that its user can do something about.</summary>
/// <param name="cure">What to do next; null: the message says it already.</param>
internal sealed class CommandFailedException(ExitCode code, string message, string? cure = null) : Exception(message)
{
    public ExitCode Code { get; } = code;

    public string? Cure { get; } = cure;

    /// <summary>The stable name of the problem, and what finds it in the server's log.</summary>
    public string? Reference { get; init; }

    public static CommandFailedException Wrong(string message) => new(ExitCode.WrongCall, message);
}
