using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Tenants;

namespace OrleansBackup.Grains.Tests.Given;

/// <summary>A tenant of any size whose mailboxes exist in its list only.</summary>
internal static class LargeTenant
{
    public static readonly TenantId Id = new(new Guid("6f1c2a54-0000-4000-8000-000000000050"));

    public static ResourceId Mailbox(int number) => new(Id, ResourceKind.Mailbox, new Guid(number, 7, 9, 1, 2, 3, 4, 5, 6, 7, 8).ToString());

    /// <summary>Every tenth is not protected.</summary>
    public static KnownResource Known(int number, DateTimeOffset since, ResourceHealth? health) => new(
        Mailbox(number), $"Person {number * 7_919 % 100_003:d6} of the department", $"person{number}@customer.example", "user", number % 10 != 0,
        number % 10 == 0 ? "Left out of the backup on request." : "The whole environment is protected.", since, null, null, health, true);

    public static ResourceHealth Health(int number, DateTimeOffset goodStart, bool running = false) => new(
        Mailbox(number), RunOutcome.Succeeded, goodStart, goodStart.AddMinutes(2), goodStart.AddDays(1), 30, 12_345, 1_234_567_890, 0, running, null, FaultCause.None);

    /// <summary>As an earlier release left it: all in one row.</summary>
    public static TenantState OldRow(int resources, DateTimeOffset now) => new()
    {
        Name = "A large customer", Access = new TenantAccess(Id, "client", "wrapped"), OnboardedAt = now.AddDays(-60), DiscoveredAt = now, SweptAt = now,
        Resources = Enumerable.Range(0, resources).Select(number => Known(number, now.AddDays(-60), Health(number, now.AddHours(-1))))
            .ToDictionary(known => known.Resource.LocalName).ToImmutable(),
    };

    private static System.Collections.Immutable.ImmutableDictionary<string, KnownResource> ToImmutable(this Dictionary<string, KnownResource> resources) =>
        System.Collections.Immutable.ImmutableDictionary.CreateRange(resources);
}
