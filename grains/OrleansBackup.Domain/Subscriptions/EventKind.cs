namespace OrleansBackup.Domain.Subscriptions;

/// <summary>What can happen in the service that somebody's own system may want to hear of.</summary>
/// <remarks>The numbers are stored and the words are sent: both are contract. What each means, in both languages, is <see cref="EventCatalogue"/>.</remarks>
public enum EventKind
{
    RunFailed = 1,
    RestoreEnded = 2,
    MoveEnded = 3,
    DestructionEnded = 4,
    RehearsalEnded = 5,
    ErasureEnded = 6,
    ProviderJobEnded = 7,
    ExportEnded = 8,
    ConfirmationWanted = 9,
    CriticalFaultBegan = 10,
    CriticalFaultEnded = 11,
    FaultFound = 12,
    ReportReady = 20,
    InvoiceReady = 21,
    CheckDue = 30,
    CheckMissed = 31,
    CheckFindings = 32,
    CheckCaughtUp = 33,
    KeyChanged = 40,
    SignIn = 41,
    CertificateEnds = 42,

    /// <summary>Asked for by a person, to see whether it arrives.</summary>
    Test = 99,
}
