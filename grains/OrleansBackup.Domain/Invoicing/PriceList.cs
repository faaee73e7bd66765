using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Notices;

namespace OrleansBackup.Domain.Invoicing;

/// <summary>What things cost, by the day on which they are delivered. A version that has begun never changes; a new price is a new version.</summary>
/// <param name="Id">As plans name it: small letters, digits and hyphens.</param>
/// <param name="Versions">Oldest first; each holds until the day before the next.</param>
/// <remarks>Source: "de tarieven worden jaarlijks geïndexeerd"; "het gangbare tarief voor support werkzaamheden".</remarks>
[GenerateSerializer, Immutable, Alias("price-list")]
public sealed record PriceList([property: Id(0)] string Id, [property: Id(1)] BothLanguages Name, [property: Id(2)] ImmutableArray<PriceVersion> Versions)
{
    /// <summary>The version that holds on a day; null: none does yet.</summary>
    public PriceVersion? On(DateOnly day) => Versions.LastOrDefault(version => version.ValidFrom <= day);

    /// <summary>What is wrong with it; null: nothing.</summary>
    public string? Problem() => Id is not { Length: > 0 and <= 40 } || !Id.All(letter => letter is >= 'a' and <= 'z' or >= '0' and <= '9' or '-') ? "A price list's id has small letters, digits and hyphens, at most 40."
        : Versions.IsDefaultOrEmpty ? "A price list has at least one version."
        : Versions.Zip(Versions.Skip(1), (one, next) => next.ValidFrom > one.ValidFrom && next.Version == one.Version + 1).Contains(false) ? "Versions are numbered one after the other, and each begins after the one before."
        : Versions.Any(version => version.Version < 1 || version.UserMonth < Money.Zero || version.SupportHour < Money.Zero) ? "Versions are numbered from 1, and a price is not below zero."
        : Versions.Any(version => !Enum.IsDefined(version.Vat)) ? "The VAT code is standard, reverseCharge or exempt."
        : null;
}

/// <summary>The prices of one time.</summary>
/// <param name="UserMonth">One user for one calendar month, without VAT.</param>
/// <param name="SupportHour">One hour of support work, without VAT.</param>
[GenerateSerializer, Immutable, Alias("price-version")]
public sealed record PriceVersion([property: Id(0)] int Version, [property: Id(1)] DateOnly ValidFrom, [property: Id(2)] Money UserMonth, [property: Id(3)] Money SupportHour, [property: Id(4)] VatCode Vat)
{
    /// <summary>Where it came from by indexation; null: it was set.</summary>
    [Id(5)] public Indexation? Indexation { get; init; }
}

/// <summary>Why prices rose or fell.</summary>
/// <param name="Percent">3.5 is three and a half per cent more.</param>
/// <param name="Reason">What the customer is told: costs and margin.</param>
[GenerateSerializer, Immutable, Alias("indexation")]
public sealed record Indexation([property: Id(0)] decimal Percent, [property: Id(1)] string Reason, [property: Id(2)] string By, [property: Id(3)] DateTimeOffset At);
