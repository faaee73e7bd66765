using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Resources;

/// <summary>Which resources a list is to hold; absent parts let everything through.</summary>
internal sealed class ResourceFilter(string? kind, bool? isProtected, bool? failing, string? name)
{
    private readonly ResourceKind? _kind = kind is null ? null : ResourceKinds.TryFromToken(kind, out var known) ? known
        : throw new ProblemException(Problem.InvalidField("kind", "'kind' is mailbox, onedrive, site or team."));

    public bool TakesAll => (_kind, isProtected, failing, name) is (null, null, null, null);

    public bool Takes(ResourceListing listing) => (_kind is null || listing.Resource.Kind == _kind)
        && (isProtected is null || listing.Protected == isProtected)
        && (failing is null || (listing.Health?.LastOutcome == RunOutcome.Failed) == failing)
        && ListParts.Passes(name, listing.DisplayName, listing.Address);
}
