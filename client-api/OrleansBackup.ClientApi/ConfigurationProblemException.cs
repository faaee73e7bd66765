namespace OrleansBackup.ClientApi;

/// <summary>The server cannot start as it is configured. The message is one line for whoever starts it and says what to do.</summary>
public sealed class ConfigurationProblemException(string message) : Exception(message);
