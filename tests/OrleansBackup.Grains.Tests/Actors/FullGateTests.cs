using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using Xunit.Abstractions;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>An estate that is overdue as a whole, before a process that has no place for it.</summary>
public sealed class FullGateTests(SimulatorFixture simulator, ITestOutputHelper output) : IClassFixture<SimulatorFixture>
{
    private const int Mailboxes = 300, Places = 10;

    [Fact]
    public async Task A_sweep_stops_asking_when_the_gate_is_full_and_begins_again_when_it_has_room()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, new TenantRecipe { Users = Mailboxes, MessagesPerMailbox = 1 },
            settings: new() { ["Backup:Admission:ConcurrentRuns"] = "1", ["Backup:Admission:WaitingRuns"] = $"{Places}" });
        var gate = scene.Services.GetRequiredService<AdmissionGate>();
        var inside = await gate.EnterAsync(scene.Mailbox(), "in the way", CancellationToken.None);
        using var given = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, Places).Select(_ => gate.EnterAsync(scene.Mailbox(), "in the way", given.Token)).ToArray();
        await scene.OnboardAsync();
        Assert.InRange(gate.TurnedAway, Mailboxes, int.MaxValue);

        var before = gate.TurnedAway;
        Assert.Equal(0, await scene.TenantGrain.SweepOverdue(CancellationToken.None));
        var asked = gate.TurnedAway - before;
        output.WriteLine($"{asked} of {Mailboxes} were asked");
        Assert.InRange(asked, 1, Mailboxes / 3);

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        Assert.InRange(await scene.TenantGrain.SweepOverdue(CancellationToken.None), 1, Mailboxes - 1); // as many as there is room for
        inside.Dispose();
    }
}
