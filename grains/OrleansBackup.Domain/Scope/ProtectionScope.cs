using System.Collections.Immutable;
using Orleans;
using OrleansBackup.Domain.Identity;

namespace OrleansBackup.Domain.Scope;

/// <summary>Whether new resources join the protection by themselves.</summary>
public enum ScopeMode
{
    /// <summary>The whole environment: every mailbox found joins by itself.</summary>
    Everything = 1,

    /// <summary>Only what was chosen: a mailbox found later does NOT join, and is listed as not protected.</summary>
    Selection = 2,
}

/// <summary>What of a tenant is protected.</summary>
/// <param name="Selected">Object ids that were chosen; read in <see cref="ScopeMode.Selection"/> only.</param>
/// <param name="Excluded">Object ids that were left out on request; read in <see cref="ScopeMode.Everything"/> only.</param>
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

    public ScopeVerdict Decide(ResourceId resource) => Mode switch
    {
        ScopeMode.Everything when Excluded.Contains(resource.ObjectId) => new(false, "Left out of the backup on request."),
        ScopeMode.Everything => new(true, "The whole environment is protected."),
        ScopeMode.Selection when Selected.Contains(resource.ObjectId) => new(true, "Chosen for protection."),
        ScopeMode.Selection => new(false, "Not part of the selection; new mailboxes do not join a selection by themselves."),
        _ => throw new InvalidOperationException($"Unknown scope mode {Mode}."),
    };
}

/// <summary>Whether a resource is protected, and the reason in words for the report.</summary>
public readonly record struct ScopeVerdict(bool Protected, string Reason);
