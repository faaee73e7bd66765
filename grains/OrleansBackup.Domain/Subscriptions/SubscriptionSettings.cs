using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Subscriptions;

/// <summary>Who hears of which events, and how.</summary>
/// <param name="Name">For people, to tell it from others.</param>
/// <param name="Address">An https address in the open internet, or an e-mail address.</param>
/// <param name="Language">Of a mail; a call carries both.</param>
[GenerateSerializer, Immutable, Alias("subscription-settings")]
public sealed record SubscriptionSettings(
    [property: Id(0)] string Name,
    [property: Id(1)] NoticeChannel Channel,
    [property: Id(2)] string Address,
    [property: Id(3)] ImmutableSortedSet<EventKind> Kinds,
    [property: Id(4)] NoticeLanguage Language,
    [property: Id(5)] bool Enabled)
{
    public const int LongestName = 100;

    public bool Hears(EventKind kind) => Enabled && Kinds.Contains(kind);

    /// <summary>What is wrong with it and in which part of it; null: nothing that can be told without looking up a name.</summary>
    /// <param name="ofTenant">Whether it is a tenant's own, which hears of nothing that is the provider's.</param>
    public (string Field, string Problem)? Problem(bool ofTenant)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > LongestName || Name.Any(char.IsControl))
            return ("name", $"A subscription has a name of at most {LongestName} characters, on one line.");
        if (!Enum.IsDefined(Channel))
            return ("channel", "The channel is mail or webhook.");
        if (!Enum.IsDefined(Language))
            return ("language", "The language is nl or en.");
        if (Kinds.IsEmpty || Kinds.Contains(EventKind.Test) || !Kinds.All(Enum.IsDefined))
            return ("kinds", "Choose at least one kind of event, of those that are listed at /api/v1/event-kinds.");
        if (ofTenant && Kinds.FirstOrDefault(kind => !EventCatalogue.Of(kind).OfTenant) is var foreign and not default(EventKind))
            return ("kinds", $"Events of the kind '{foreign}' are the provider's only; a tenant's subscription does not get them.");
        return Channel == NoticeChannel.Mail && !Contact.IsAddress(Address) ? ("address", "This is not an e-mail address such as person@example.nl.") : null;
    }
}
