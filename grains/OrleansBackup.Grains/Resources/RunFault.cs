using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Grains.Admission;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.Microsoft365;
using OrleansBackup.Microsoft365.Drives;
using OrleansBackup.Microsoft365.Sites;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>From an exception that ended a run to what is told, and on whose side the fault lies.</summary>
/// <remarks>Source of the causes: service descriptions: faults by the customer's own configuration or licences are not the provider's.</remarks>
internal sealed record RunFault(string Problem, FaultKind Kind)
{
    public FaultCause Cause => FaultCatalogue.Of(Kind).Cause;

    public static RunFault Of(Exception exception) => exception switch
    {
        TenantAccessException e => new(e.Message, KindOf(e.Problem)),
        MailboxUnavailableException e => new(e.Message, KindOf(e.Problem)),
        DriveUnavailableException e => new(e.Message, KindOf(e.Problem)),
        SiteUnavailableException e => new(e.Message, KindOf(e.Problem)),
        TeamUnavailableException e => new(e.Message, KindOf(e.Problem)),
        ThrottledTooLongException e => new(e.Message, FaultKind.MicrosoftThrottles),
        GraphException e => new(e.Message, e.IsTransient ? FaultKind.MicrosoftFails : FaultKind.MicrosoftRefuses),
        VaultRolledBackException e => new($"{e.Message} No run adds to it until somebody accepts the state as it is found.", FaultKind.VaultRolledBack),
        VaultException e => new(e.Message, KindOf(e)),
        ServiceException e => new(e.Message, FaultKind.ServiceRefuses),
        RunStuckException e => new(e.Message, FaultKind.RunStuck),
        AdmissionRefusedException e => new(e.Message, FaultKind.NoPlaceAtGate),
        _ => new($"Unexpected: {exception.GetType().Name}: {exception.Message}", FaultKind.Unexpected),
    };

    private static FaultKind KindOf(TenantAccessProblem problem) => problem switch
    {
        TenantAccessProblem.Credential => FaultKind.CredentialRefused,
        TenantAccessProblem.Consent => FaultKind.ConsentMissing,
        TenantAccessProblem.PermissionMissing => FaultKind.PermissionMissing,
        _ => FaultKind.TenantBlocked,
    };

    private static FaultKind KindOf(MailboxProblem problem) => problem switch
    {
        MailboxProblem.NoMailbox => FaultKind.NoMailbox,
        MailboxProblem.AccessDenied => FaultKind.AccessDenied,
        _ => FaultKind.TemporarilyMissing,
    };

    private static FaultKind KindOf(DriveProblem problem) => problem switch
    {
        DriveProblem.NoDrive => FaultKind.NoDrive,
        DriveProblem.Locked => FaultKind.Locked,
        _ => FaultKind.AccessDenied,
    };

    private static FaultKind KindOf(SiteProblem problem) => problem switch
    {
        SiteProblem.NotLicensed => FaultKind.NoSharePoint,
        SiteProblem.NoSite => FaultKind.NoSiteOrTeam,
        SiteProblem.Locked => FaultKind.Locked,
        _ => FaultKind.AccessDenied,
    };

    private static FaultKind KindOf(TeamProblem problem) => problem switch
    {
        TeamProblem.NoTeam => FaultKind.NoSiteOrTeam,
        TeamProblem.Locked => FaultKind.Locked,
        _ => FaultKind.AccessDenied,
    };

    private static FaultKind KindOf(VaultException exception) => exception switch
    {
        StoreFullException => FaultKind.StoreFull,
        StoreUnavailableException or StoreThrottledException => FaultKind.StoreAway,
        StoreAccessRefusedException or StoreMissingException or StoreProtocolException or CodecMissingException => FaultKind.StoreUnusable,
        TenantKeyMissingException or WrongKeyException or KeyCopiesDifferException or KeyFileMissingException or KeyFileRefusedException => FaultKind.KeyUnusable,
        DamagedObjectException => FaultKind.VaultDamaged,
        _ => FaultKind.VaultRefuses,
    };
}

/// <summary>A run gave no sign of life for too long and was ended, so that it does not look alive for ever.</summary>
internal sealed class RunStuckException(string step, TimeSpan silence)
    : Exception($"The run gave no sign of life for {silence.TotalMinutes:0} minutes while it was at: {step}. It was ended; the next attempt goes on from its last segment.");
