namespace OrleansBackup.Domain.Runs;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>It has not ended.</summary>
    Running = 0,

    /// <summary>A point was sealed and holds everything that Microsoft 365 listed.</summary>
    Succeeded = 1,

    /// <summary>A point was sealed; some items could not be read and stand on the debt list, or something had to be healed.</summary>
    SucceededWithWarnings = 2,

    /// <summary>No point was sealed; nothing new can be trusted. Older points are untouched.</summary>
    Failed = 3,

    /// <summary>Stopped on purpose before its end; the next run goes on from its last segment.</summary>
    Cancelled = 4,
}

/// <summary>Why a run began.</summary>
public enum RunReason
{
    Scheduled = 1,
    Requested = 2,

    /// <summary>The process ended while the run was under way; the run goes on from its last segment.</summary>
    Resumed = 3,

    /// <summary>The last attempt of this day failed.</summary>
    Retry = 4,
}

/// <summary>Whose side a fault lies on; decides what is told to the customer and what may be charged.</summary>
/// <remarks>Source: service descriptions, liability and "oplossen van problemen": faults by the customer's own changes are not the provider's.</remarks>
public enum FaultCause
{
    None = 0,
    Provider = 1,
    CustomerConfiguration = 2,
    CustomerLicence = 3,
    Microsoft = 4,

    /// <summary>Somebody else whom neither side chose to depend on for this: named in an incident, never guessed.</summary>
    ThirdParty = 5,

    /// <summary>Power, internet, a data centre, an attack: declared as an incident by a person.</summary>
    ForceMajeure = 6,
}
