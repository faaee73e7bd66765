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
internal sealed record RunFault(string Problem, FaultCause Cause)
{
    public static RunFault Of(Exception exception) => exception switch
    {
        TenantAccessException e => new(e.Message, FaultCause.CustomerConfiguration),
        MailboxUnavailableException { Problem: MailboxProblem.NoMailbox } e => new(e.Message, FaultCause.CustomerLicence),
        MailboxUnavailableException { Problem: MailboxProblem.AccessDenied } e => new(e.Message, FaultCause.CustomerConfiguration),
        DriveUnavailableException { Problem: DriveProblem.NoDrive } e => new(e.Message, FaultCause.CustomerLicence),
        DriveUnavailableException e => new(e.Message, FaultCause.CustomerConfiguration),
        SiteUnavailableException { Problem: SiteProblem.NotLicensed } e => new(e.Message, FaultCause.CustomerLicence),
        SiteUnavailableException e => new(e.Message, FaultCause.CustomerConfiguration),
        TeamUnavailableException e => new(e.Message, FaultCause.CustomerConfiguration),
        GraphException e => new(e.Message, FaultCause.Microsoft),
        VaultRolledBackException e => new($"{e.Message} No run adds to it until somebody accepts the state as it is found.", FaultCause.Provider),
        VaultException e => new(e.Message, FaultCause.Provider),
        ServiceException e => new(e.Message, FaultCause.Provider),
        RunStuckException e => new(e.Message, FaultCause.Provider),
        AdmissionRefusedException e => new(e.Message, FaultCause.Provider),
        _ => new($"Unexpected: {exception.GetType().Name}: {exception.Message}", FaultCause.Provider),
    };
}

/// <summary>A run gave no sign of life for too long and was ended, so that it does not look alive for ever.</summary>
internal sealed class RunStuckException(string step, TimeSpan silence)
    : Exception($"The run gave no sign of life for {silence.TotalMinutes:0} minutes while it was at: {step}. It was ended; the next attempt goes on from its last segment.");
