using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Coverage;

/// <summary>How much of something a restore point holds.</summary>
public enum Kept
{
    Whole = 1,

    /// <summary>All but what the note names.</summary>
    Partly = 2,
    Nothing = 3,
}

/// <summary>How it comes back.</summary>
public enum ComesBack
{
    AsItWas = 1,

    /// <summary>With what the note and the losses name.</summary>
    WithLosses = 2,
    NotAtAll = 3,
}

/// <summary>One line of what is protected and what is not.</summary>
/// <param name="Kind">The kind of resource that it belongs to.</param>
/// <param name="What">In the words of a customer.</param>
/// <param name="Note">What is not kept, does not come back, or has to be known; empty: nothing.</param>
/// <param name="Losses">The words under which outcomes of a restore name what it may lose.</param>
public sealed record CoverageEntry(ResourceKind Kind, string What, Kept Kept, ComesBack ComesBack, string Note, ImmutableArray<string> Losses);
