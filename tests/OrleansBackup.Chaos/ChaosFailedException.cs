namespace OrleansBackup.Chaos;

/// <summary>The service did not do what it owes, or the harness cannot go on. The message ends up in the last line.</summary>
public sealed class ChaosFailedException(string message, Exception? inner = null) : Exception(message, inner);
