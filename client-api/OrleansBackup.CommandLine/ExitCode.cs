namespace OrleansBackup.CommandLine;

/// <summary>What the command tells a script that called it. Numbers are contract; the README lists them.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>The call was right and the work failed: a run failed, damage was found, a transfer broke, the server met an error.</summary>
    Failed = 1,

    /// <summary>The call makes no sense; nothing was changed.</summary>
    WrongCall = 2,

    /// <summary>No key, a key that the server does not know, or one that may not do this.</summary>
    NotAllowed = 3,

    NotFound = 4,

    /// <summary>Not as things stand: something else is under way, or somebody else has changed it meanwhile.</summary>
    Conflict = 5,

    /// <summary>No answer, or none in time, or the server was too busy for as long as it was asked.</summary>
    Unreachable = 6,

    /// <summary>Some of it was done, and it is told what was not.</summary>
    Partly = 7,

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT. What the server does goes on.</summary>
    Interrupted = 130,
}
