namespace OrleansBackup.VaultReader;

/// <summary>What the command tells a script that called it. Numbers are contract.</summary>
internal enum ExitCode
{
    /// <summary>Done; nothing was found wrong.</summary>
    Done = 0,

    /// <summary>Damage was found, or something could not be exported. What could be was.</summary>
    Damage = 1,

    /// <summary>The command line makes no sense; nothing was read.</summary>
    Usage = 2,

    /// <summary>There is no such tenant, resource, restore point, item or content.</summary>
    NotFound = 3,

    /// <summary>The key or the store cannot be used: wrong key, no such folder, a codec is missing, no room for an export.</summary>
    Refused = 4,
}

/// <summary>An end of the command that its user can do something about.</summary>
internal sealed class CommandException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;
}
