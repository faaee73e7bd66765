using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.Grains.Notices;

namespace OrleansBackup.Grains.Subscriptions;

/// <summary>What the provider is mailed though nobody subscribed: that nobody looked at the daily check, that somebody did in the end, and that a certificate ends. Whoever does not look at the one does not look for the other.</summary>
/// <remarks>A subscription of the provider's book that has no record: it goes to <see cref="NoticeOptions.CopyTo"/>, and has an outbox as others have.</remarks>
internal static class ProviderCopy
{
    /// <summary>Names its outbox. Stored: it never changes.</summary>
    public static readonly Guid Id = new("5f1c1f0e-6b52-4d1b-9a51-3f0f4b1d7c33");

    /// <returns>Null: there is no such address.</returns>
    public static SubscriptionSettings? Of(NoticeOptions options) => options.CopyTo is { } address
        ? new SubscriptionSettings("", NoticeChannel.Mail, address, [EventKind.CheckMissed, EventKind.CheckCaughtUp, EventKind.CertificateEnds], options.CopyLanguage, Enabled: true) : null;
}
