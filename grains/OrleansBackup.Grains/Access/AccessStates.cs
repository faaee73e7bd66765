using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.Grains.Access;

/// <summary>The API keys. Additive.</summary>
[GenerateSerializer, Immutable, Alias("access-key-book-state")]
internal sealed record AccessKeyBookState : StoredState
{
    /// <summary>In the order in which they were made.</summary>
    [Id(0)] public ImmutableArray<KeptKey> Keys { get; init; } = [];
}

/// <summary>A key with its secrets as hashes: the newest first, then the one before while it is still taken.</summary>
[GenerateSerializer, Immutable, Alias("kept-key")]
internal sealed record KeptKey([property: Id(0)] AccessKey Key, [property: Id(1)] ImmutableArray<AccessSecret> Secrets);

/// <summary>The sessions of browsers, by the hash of their cookie. Additive.</summary>
[GenerateSerializer, Immutable, Alias("session-book-state")]
internal sealed record SessionBookState : StoredState
{
    [Id(0)] public ImmutableDictionary<string, BrowserSession> Sessions { get; init; } = ImmutableDictionary<string, BrowserSession>.Empty;
}

/// <summary>Acts of a tenant that wait for a second person. Additive.</summary>
[GenerateSerializer, Immutable, Alias("proposal-book-state")]
internal sealed record ProposalBookState : StoredState
{
    [Id(0)] public ImmutableArray<DestructiveProposal> Waiting { get; init; } = [];
}
