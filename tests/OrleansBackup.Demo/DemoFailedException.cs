namespace OrleansBackup.Demo;

/// <summary>The demonstration cannot go on or did not show what it should. The message ends up in the last line that it prints.</summary>
public sealed class DemoFailedException(string message, Exception? inner = null) : Exception(message, inner);
