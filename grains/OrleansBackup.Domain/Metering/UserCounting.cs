using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Metering;

/// <summary>Why an account counts as a user, or does not.</summary>
public enum CountReason
{
    Counts = 1,
    Guest = 2,
    SharedMailbox = 3,
    Disabled = 4,
    Unlicensed = 5,
}

/// <summary>Decides who is a user of the environment. Pure; each rule is a switch of the plan.</summary>
/// <remarks>
/// Source: "het maximale aantal gebruikers binnen uw Microsoft 365 omgeving" does not say who a user is. Without any switch these are the enabled members;
/// guests and the accounts of shared mailboxes, rooms and equipment are none. The first reason that applies is told, in the order of <see cref="CountReason"/>.
/// </remarks>
public static class UserCounting
{
    public static CountReason Decide(MeteredAccount account, UserRule rule) => account switch
    {
        { Guest: true } when !rule.Guests => CountReason.Guest,
        { IsResource: true } when !rule.SharedMailboxes => CountReason.SharedMailbox,
        // The account behind a shared mailbox cannot sign in and has no licence by its nature: whoever counts those, counts them so.
        { IsResource: true } => CountReason.Counts,
        { Enabled: false } when !rule.DisabledAccounts => CountReason.Disabled,
        { Licensed: false } when !rule.UnlicensedAccounts => CountReason.Unlicensed,
        _ => CountReason.Counts,
    };
}
