using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Scope;

/// <summary>Whether new resources join the protection by themselves.</summary>
public enum ScopeMode
{
    /// <summary>The whole environment: everything found joins by itself.</summary>
    Everything = 1,

    /// <summary>Only what was chosen: what is found later does NOT join, and is listed as not protected.</summary>
    Selection = 2,
}

/// <summary>A rule for one kind of resource, where it differs from the scope as a whole.</summary>
public enum KindRule
{
    /// <summary>All of this kind join by themselves.</summary>
    Everything = 1,

    /// <summary>Of this kind only what was chosen.</summary>
    Selection = 2,

    /// <summary>None of this kind.</summary>
    Nothing = 3,
}

/// <summary>What of a tenant is protected.</summary>
/// <param name="Selected">What was chosen: an object id (of a user: the mailbox and the OneDrive) or a local name such as <c>onedrive-…</c> (that alone); read where a selection is the rule.</param>
/// <param name="Excluded">What was left out on request, named in the same ways; read where everything is the rule.</param>
/// <param name="HiddenFolders">Whether hidden mail folders are taken along.</param>
/// <remarks>Source: service description, "Inhoud": the complete environment by default; with a selection, new mailboxes are not taken along.</remarks>
[GenerateSerializer, Immutable, Alias("protection-scope")]
public sealed record ProtectionScope(
    [property: Id(0)] ScopeMode Mode,
    [property: Id(1)] ImmutableHashSet<string> Selected,
    [property: Id(2)] ImmutableHashSet<string> Excluded,
    [property: Id(3)] bool HiddenFolders)
{
    public static ProtectionScope Everything { get; } = new(ScopeMode.Everything, [], [], HiddenFolders: true);

    /// <summary>Rules per kind; a kind without one follows <see cref="Mode"/>.</summary>
    [Id(4)] public ImmutableSortedDictionary<ResourceKind, KindRule> Kinds { get; init; } = ImmutableSortedDictionary<ResourceKind, KindRule>.Empty;

    /// <summary>What Microsoft 365 says a thing is for (room, equipment, communication…) and what is not protected because of it, unless it was chosen by its id.</summary>
    [Id(5)] public ImmutableHashSet<string> ExcludedPurposes { get; init; } = [];

    /// <param name="purpose">user, shared, room…; empty: not known.</param>
    public ScopeVerdict Decide(ResourceId resource, string purpose = "")
    {
        if (resource.Kind.Limitation() is { } limitation)
            return new(false, limitation);
        var selected = Names(Selected, resource);
        return RuleOf(resource.Kind) switch
        {
            KindRule.Nothing => new(false, $"Of this customer no {resource.Kind.Plural()} are backed up."),
            KindRule.Everything when Names(Excluded, resource) => new(false, "Left out of the backup on request."),
            KindRule.Everything when ExcludedPurposes.Contains(purpose) && !selected => new(false, $"Resources of the purpose '{purpose}' are left out of the backup on request."),
            KindRule.Everything => new(true, "The whole environment is protected."),
            KindRule.Selection when selected => new(true, "Chosen for protection."),
            KindRule.Selection => new(false, $"Not part of the selection; new {resource.Kind.Plural()} do not join a selection by themselves."),
            var unknown => throw new InvalidOperationException($"Unknown rule {unknown}."),
        };
    }

    /// <summary>What is wrong with it, to tell whoever set it; null: nothing.</summary>
    public string? Problem() => Kinds.Any(rule => !Enum.IsDefined(rule.Key) || !rule.Key.CanBeProtected() || !Enum.IsDefined(rule.Value))
        ? "A rule is for a kind that can be protected (mailbox, oneDrive, site, team) and says everything, selection or nothing."
        : null;

    private KindRule RuleOf(ResourceKind kind) => Kinds.TryGetValue(kind, out var rule) ? rule : Mode switch
    {
        ScopeMode.Everything => KindRule.Everything,
        ScopeMode.Selection => KindRule.Selection,
        _ => throw new InvalidOperationException($"Unknown scope mode {Mode}."),
    };

    private static bool Names(ImmutableHashSet<string> names, ResourceId resource) => !names.IsEmpty && (names.Contains(resource.ObjectId) || names.Contains(resource.LocalName));
}

/// <summary>Whether a resource is protected, and the reason in words for the report.</summary>
public readonly record struct ScopeVerdict(bool Protected, string Reason);
