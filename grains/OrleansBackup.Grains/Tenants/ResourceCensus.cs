using System.Collections.Immutable;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>Brings what a discovery found together with what was known: who is new, who vanished, who is protected and why. Pure.</summary>
internal static class ResourceCensus
{
    /// <summary>Healthy mailboxes have been missing for hours in incidents at Microsoft: only after so long is one taken for gone.</summary>
    public static readonly TimeSpan VanishingGrace = TimeSpan.FromDays(3);

    public static (ImmutableDictionary<string, KnownResource> Resources, DiscoveryResult Result) Take(
        ImmutableDictionary<string, KnownResource> known, ImmutableArray<DiscoveredMailbox> found, ProtectionScope scope, DateTimeOffset now)
    {
        var census = known.ToBuilder();
        int fresh = 0, vanished = 0;
        foreach (var mailbox in found)
        {
            var before = known.GetValueOrDefault(mailbox.Resource.LocalName);
            if (before is null)
                fresh++;
            census[mailbox.Resource.LocalName] = Seen(before, mailbox, scope, now);
        }
        var present = found.Select(mailbox => mailbox.Resource.LocalName).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, resource) in known)
        {
            if (present.Contains(name) || resource.VanishedAt is not null)
                continue;
            census[name] = Missed(resource, now);
            if (census[name].VanishedAt is not null)
                vanished++;
        }
        var resources = census.ToImmutable();
        var protectedCount = resources.Values.Count(resource => resource.Protected);
        return (resources, new DiscoveryResult(found.Length, fresh, vanished, protectedCount, resources.Count - protectedCount,
            [.. found.Where(mailbox => mailbox is { HasMailbox: true, Problem: { } }).Select(mailbox => $"{mailbox.Address}: {mailbox.Problem}")]));
    }

    /// <summary>The same resources under another scope.</summary>
    /// <remarks>What has no mailbox, or is gone, stays unprotected for that reason whatever the scope says.</remarks>
    public static ImmutableDictionary<string, KnownResource> Rescope(
        ImmutableDictionary<string, KnownResource> known, ProtectionScope scope, DateTimeOffset now) =>
        known.ToImmutableDictionary(entry => entry.Key, entry =>
        {
            var verdict = scope.Decide(entry.Value.Resource);
            return entry.Value.HasMailbox && entry.Value.VanishedAt is null ? Judged(entry.Value, verdict.Protected, verdict.Reason, now) : entry.Value;
        });

    private static KnownResource Seen(KnownResource? before, DiscoveredMailbox mailbox, ProtectionScope scope, DateTimeOffset now)
    {
        var verdict = scope.Decide(mailbox.Resource);
        var (isProtected, reason) = mailbox.HasMailbox ? (verdict.Protected, verdict.Reason) : (false, mailbox.Problem ?? "There is no mailbox.");
        var current = before ?? new KnownResource(mailbox.Resource, "", "", "", isProtected, reason, now, null, null, null, mailbox.HasMailbox);
        // A mailbox that answers today and had points yesterday is not dropped for one bad answer either: its runs say what is wrong.
        if (before is { Protected: true } && !mailbox.HasMailbox && (before.MissingSince ?? now) + VanishingGrace > now)
            return before with { DisplayName = mailbox.DisplayName, Address = mailbox.Address, MissingSince = before.MissingSince ?? now };
        return Judged(current, isProtected, reason, now) with
        {
            DisplayName = mailbox.DisplayName,
            Address = mailbox.Address,
            Purpose = mailbox.Purpose,
            HasMailbox = mailbox.HasMailbox,
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
