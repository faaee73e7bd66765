using System.Collections.Immutable;
using System.Text.Json;
using OrleansBackup.Demo.Comparison;
using OrleansBackup.Demo.Output;

namespace OrleansBackup.Demo.Story;

/// <summary>What else goes wrong at the customer's: of each kind, one thing is deleted for good, out of a mailbox, a OneDrive, a site's library and lists, and a team.</summary>
/// <remarks>Each existed at the chosen restore point and still lies where it lay, so that "as it was" has one answer only.</remarks>
internal sealed class ThingLoss(DemoWorld world, OnboardedTenant tenant, LivedDay chosen)
{
    private const string Channel = "channel";

    private static readonly (string Owner, string Kind)[] Taken =
    [
        ("mailbox", "event"), ("mailbox", "contact"), ("mailbox", "task"), ("onedrive", "file"), ("site", "file"), ("site", "list-item"), ("site", "page"), ("team", Channel),
    ];

    /// <param name="spared">Resources that have lost something else already.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<ImmutableArray<TakenThing>> RunAsync(IReadOnlyCollection<ProtectedResource> spared, CancellationToken cancellation)
    {
        var taken = ImmutableArray.CreateBuilder<TakenThing>(Taken.Length);
        foreach (var (owner, kind) in Taken)
        {
            var thing = await ChooseAsync(owner, kind, spared, cancellation);
            await world.Simulator.Api.DeleteThingAsync(tenant.Simulated, thing.Owner.Kind, thing.Owner.ObjectId, thing.Thing, cancellation);
            world.Output.Line($"{thing.Owner.Address}: {thing.What} deleted for good{(kind == Channel ? $" with {Figures.Count(thing.Items.Length)} messages" : "")}");
            taken.Add(thing);
        }
        return taken.ToImmutable();
    }

    private async Task<TakenThing> ChooseAsync(string ownerKind, string kind, IReadOnlyCollection<ProtectedResource> spared, CancellationToken cancellation)
    {
        foreach (var owner in tenant.Resources.Intersect(chosen.Resources).Except(spared).Where(resource => resource.Kind == ownerKind).OrderBy(resource => resource.ResourceId, StringComparer.Ordinal))
        {
            var then = await world.Simulator.Api.ThingsAsync(tenant.Simulated, owner.Kind, owner.ObjectId, chosen.Truth, cancellation);
            var now = await world.Simulator.Api.ThingsAsync(tenant.Simulated, owner.Kind, owner.ObjectId, null, cancellation);
            var places = new PlacesOfThings(now);
            var before = new PlacesOfThings(then);
            var still = now.Where(thing => thing.Kind == kind).Select(thing => thing.Id).ToHashSet(StringComparer.Ordinal);
            var best = then.Where(thing => thing.Kind == kind && thing.IsReadable && still.Contains(thing.Id) && before.Of(thing).SequenceEqual(places.Of(thing)))
                .Select(thing => new TakenThing(owner, thing, kind == Channel ? MessagesOf(then, thing) : [thing]))
                .Where(thing => kind != Channel || thing.Thing.Name != "General")
                .OrderByDescending(Interest).ThenBy(thing => thing.Thing.Id, StringComparer.Ordinal).FirstOrDefault(thing => thing.Items.Length > 0);
            if (best is not null)
                return best;
        }
        throw new DemoFailedException($"no {ownerKind} has a {kind} that was there at the chosen point and still is");
    }

    private static ImmutableArray<ThingPicture> MessagesOf(ImmutableArray<ThingPicture> things, ThingPicture channel) =>
        [.. things.Where(thing => thing.Kind == "channel-message" && thing.ContainerId == channel.Id)];

    /// <summary>The more hangs on a thing, the more can be lost of it; and an event with guests is one that could tell them.</summary>
    private static int Interest(TakenThing thing) => thing.Items.Length + thing.Items.Sum(item => item.Contents.Length)
        + (JsonComparison.Property(thing.Thing.Properties, "attendees") is { ValueKind: JsonValueKind.Array } attendees ? attendees.GetArrayLength() : 0);
}

/// <summary>Names from the top down to each thing.</summary>
internal sealed class PlacesOfThings(IEnumerable<ThingPicture> things)
{
    private readonly Dictionary<string, ThingPicture> _containers = things.Where(thing => thing.Kind is not ("channel-message" or "list-item")).GroupBy(thing => thing.Id, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    public ImmutableArray<string> Of(ThingPicture thing)
    {
        var names = new Stack<string>();
        for (var at = thing; at is not null; at = at.ContainerId is { } above ? _containers.GetValueOrDefault(above) : null)
            names.Push(at.Name ?? "");
        return [.. names];
    }
}

/// <summary>Something that was deleted, as it was at the chosen restore point.</summary>
/// <param name="Items">What has to be there again: the thing itself, or the messages of a channel.</param>
public sealed record TakenThing(ProtectedResource Owner, ThingPicture Thing, ImmutableArray<ThingPicture> Items)
{
    public bool IsContainer => Items is not [var only] || only != Thing;

    public string What => Thing.Kind == "file" && Owner.Kind == "site" ? "library file" : Thing.Kind;
}
