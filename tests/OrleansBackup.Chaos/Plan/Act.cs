namespace OrleansBackup.Chaos.Plan;

/// <summary>Something that is done to a running service.</summary>
internal enum ActKind
{
    /// <summary>kill -9, and a start a while later.</summary>
    Kill,

    /// <summary>SIGSTOP until the others take it for dead (alone: for a while), then SIGCONT.</summary>
    Freeze,

    /// <summary>Every clock goes forward.</summary>
    MoveClock,

    /// <summary>Microsoft 365 refuses and breaks off many requests.</summary>
    StormGraph,

    /// <summary>The database crashes and comes back.</summary>
    CrashDatabase,

    /// <summary>The object store refuses connections, then breaks them off.</summary>
    BreakStore,

    /// <summary>One more process.</summary>
    Add,

    /// <summary>SIGTERM, and a start a while later.</summary>
    Drain,

    /// <summary>Each process in turn is ended in order and started again, as at an upgrade.</summary>
    ReplaceAll,
}

/// <summary>One act of the plan.</summary>
/// <param name="After">So long after the one before, or after the beginning of the day.</param>
/// <param name="Draw">A number to choose with, such as which process.</param>
internal sealed record Act(ActKind Kind, TimeSpan After, int Draw);
