using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Discovery;

/// <summary>Brings what a discovery found together with what was known: who is new, who vanished, who is protected and why. Pure.</summary>
internal static class ResourceCensus
{
    /// <summary>Healthy resources have been missing for hours in incidents at Microsoft: only after so long is one taken for gone.</summary>
    public static readonly TimeSpan VanishingGrace = TimeSpan.FromDays(3);

    public static (ImmutableDictionary<string, KnownResource> Resources, DiscoveryResult Result) Take(
        ImmutableDictionary<string, KnownResource> known, ImmutableArray<DiscoveredResource> found, ProtectionScope scope, ImmutableArray<ResourceKind> looked, DateTimeOffset now)
    {
        var census = known.ToBuilder();
        int fresh = 0, vanished = 0;
        foreach (var resource in found)
        {
            var before = known.GetValueOrDefault(resource.Resource.LocalName);
            if (before is null && resource.Resource.Kind.CanBeProtected())
                fresh++;
            census[resource.Resource.LocalName] = Seen(before, resource, scope, now);
        }
        var present = found.Select(resource => resource.Resource.LocalName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, resource) in known)
        {
            if (present.Contains(name) || resource.VanishedAt is not null || !looked.Contains(resource.Resource.Kind))
                continue;
            census[name] = Missed(resource, now);
            if (census[name].VanishedAt is not null)
                vanished++;
        }
        var resources = census.ToImmutable();
        var protectable = resources.Values.Where(resource => resource.Resource.Kind.CanBeProtected()).ToList();
        var protectedCount = protectable.Count(resource => resource.Protected);
        return (resources, new DiscoveryResult(found.Count(resource => resource.Resource.Kind.CanBeProtected()), fresh, vanished, protectedCount, protectable.Count - protectedCount,
            [.. found.Where(resource => resource is { IsThere: true, Problem: { } }).Select(resource => $"{resource.Address}: {resource.Problem}")]));
    }

    /// <summary>The same resources under another scope.</summary>
    /// <remarks>What is not there to protect, or is gone, stays unprotected for that reason whatever the scope says.</remarks>
    public static ImmutableDictionary<string, KnownResource> Rescope(
        ImmutableDictionary<string, KnownResource> known, ProtectionScope scope, DateTimeOffset now) =>
        known.ToImmutableDictionary(entry => entry.Key, entry =>
        {
            var verdict = scope.Decide(entry.Value.Resource, entry.Value.Purpose);
            return entry.Value.IsThere && entry.Value.VanishedAt is null ? Judged(entry.Value, verdict.Protected, verdict.Reason, now) : entry.Value;
        });

    /// <summary>What is there for the first time and does not join by itself, since of its kind a selection is protected.</summary>
    public static IEnumerable<string> NewlyUnprotected(
        ImmutableDictionary<string, KnownResource> before, ImmutableDictionary<string, KnownResource> after, ProtectionScope scope) =>
        from entry in after
        where entry.Value is { Protected: false, IsThere: true, VanishedAt: null } && before.GetValueOrDefault(entry.Key) is not { IsThere: true } && scope.IsSelection(entry.Value.Resource.Kind)
        select entry.Key;

    private static KnownResource Seen(KnownResource? before, DiscoveredResource found, ProtectionScope scope, DateTimeOffset now)
    {
        var verdict = scope.Decide(found.Resource, found.Purpose);
        var (isProtected, reason) = found.IsThere ? (verdict.Protected, verdict.Reason) : (false, found.Problem ?? "There is no found.");
        var current = before ?? new KnownResource(found.Resource, "", "", "", isProtected, reason, now, null, null, null, found.IsThere);
        // What answers today and had points yesterday is not dropped for one bad answer either: its runs say what is wrong.
        if (before is { Protected: true } && !found.IsThere && (before.MissingSince ?? now) + VanishingGrace > now)
            return before with { DisplayName = found.DisplayName, Address = found.Address, MissingSince = before.MissingSince ?? now };
        return Judged(current, isProtected, reason, now) with
        {
            DisplayName = found.DisplayName,
            Address = found.Address,
            Purpose = found.Purpose,
            IsThere = found.IsThere,
            UsedBytes = found.UsedBytes ?? current.UsedBytes,
            MissingSince = null,
            VanishedAt = null,
        };
    }

    private static KnownResource Missed(KnownResource resource, DateTimeOffset now)
    {
        var since = resource.MissingSince ?? now;
        return now - since < VanishingGrace
            ? resource with { MissingSince = since }
            : resource with
            {
                MissingSince = since,
                VanishedAt = now,
                Protected = false,
                Since = now,
                Reason = "No longer in Microsoft 365; its restore points stay until their retention ends.",
            };
    }

    private static KnownResource Judged(KnownResource resource, bool isProtected, string reason, DateTimeOffset now) => resource with
    {
        Protected = isProtected,
        Reason = reason,
        Since = resource.Protected == isProtected ? resource.Since : now,
    };
}
