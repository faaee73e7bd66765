using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Openings;
using OrleansBackup.GrainInterfaces.Openings;

namespace OrleansBackup.Grains.Openings;

/// <summary>What a tenant's book of openings remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("opening-book-state")]
internal sealed record OpeningBookState : StoredState
{
    /// <summary>Newest first.</summary>
    [Id(0)] public ImmutableArray<KeptOpening> Openings { get; init; } = [];

    [Id(1)] public bool CustomersMayOpen { get; init; }

    public KeptOpening? Find(OpeningId id) => Openings.FirstOrDefault(one => one.Listing.Id.Text == id.Text);

    public OpeningBookState With(OpeningId id, Func<OpeningListing, OpeningListing> change) => this with
    {
        Openings = [.. Openings.Select(one => one.Listing.Id.Text == id.Text ? one with { Listing = change(one.Listing) } : one)],
    };

    /// <summary>Beyond the bound the oldest go that have ended; the audit book keeps what was done.</summary>
    public OpeningBookState With(KeptOpening made) => this with
    {
        Openings = [made, .. Openings.Where((one, at) => at < OpeningRules.MostKept - 1 || one.Listing.End is null)],
    };
}

/// <summary>An opening with the hash that its password has to have.</summary>
[GenerateSerializer, Immutable, Alias("kept-opening")]
internal sealed record KeptOpening([property: Id(0)] OpeningListing Listing, [property: Id(1)] string PasswordHash);
