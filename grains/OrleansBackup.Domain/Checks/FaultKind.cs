namespace OrleansBackup.Domain.Checks;

/// <summary>What went wrong, as finely as somebody who has to act needs it. Stored: a number, once used, keeps its meaning. What each means stands in <see cref="FaultCatalogue"/>.</summary>
public enum FaultKind
{
    /// <summary>Nothing, or not known: a record of an earlier release.</summary>
    None = 0,

    // The customer's environment as a whole.
    CredentialRefused = 1,
    ConsentMissing = 2,
    PermissionMissing = 3,
    TenantBlocked = 4,

    // One resource.
    NoMailbox = 10,
    NoDrive = 11,
    NoSiteOrTeam = 12,
    NoSharePoint = 13,
    Locked = 14,
    AccessDenied = 15,
    TemporarilyMissing = 16,

    // Microsoft 365.
    MicrosoftFails = 20,
    MicrosoftThrottles = 21,
    MicrosoftRefuses = 22,

    // The vault.
    VaultRolledBack = 30,
    VaultDamaged = 31,
    VaultRefuses = 32,
    StoreFull = 33,
    StoreAway = 34,
    StoreUnusable = 35,
    KeyUnusable = 36,

    // The service itself.
    RunStuck = 40,
    NoPlaceAtGate = 41,
    ServiceRefuses = 42,
    Unexpected = 43,

    /// <summary>No run was tried at all.</summary>
    NoRun = 44,

    /// <summary>The tenant did not answer the check.</summary>
    TenantNotAsked = 45,

    // A good backup with something missing.
    PartLacking = 50,
    ItemsOwed = 51,

    /// <summary>Something that was backed up or could be put back before is not, or cannot, any more.</summary>
    CapabilityLost = 52,

    // Declared by a person.
    ForceMajeure = 60,
    ThirdParty = 61,
    MicrosoftIncident = 62,
}

/// <summary>How bad it is.</summary>
public enum FaultSeverity
{
    /// <summary>To know.</summary>
    Information = 1,

    /// <summary>Somebody has to look at it on the next working day.</summary>
    Warning = 2,

    /// <summary>The customer is told.</summary>
    Critical = 3,
}

/// <summary>Who has to do something.</summary>
public enum WhoActs
{
    Nobody = 1,
    Provider = 2,
    Customer = 3,
    Microsoft = 4,
}
