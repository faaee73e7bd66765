using System.Text;
using Orleans;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>An audit book grows in bounded parts, survives its process, and its export is whole for a stranger.</summary>
public sealed class AuditBookTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TenantRecipe OneMailbox = new() { Users = 1, MessagesPerMailbox = 3 };

    [Fact]
    public async Task A_book_of_several_parts_is_listed_and_exported_whole_also_after_its_process_was_killed()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        for (var at = 1; at <= 100; at++)
            await Book(scene).NoteAsync("somebody", AuditActs.ReadContent, $"item {at}", Never, ("n", $"{at}"));
        await scene.KillAsync();
        await scene.StartServiceAsync();
        for (var at = 101; at <= 150; at++)
            await Book(scene).NoteAsync("somebody", AuditActs.ReadContent, $"item {at}", Never);

        var (subjects, before) = (new List<string>(), (long?)null);
        do
        {
            var page = await Book(scene).List(before, 40, Never);
            subjects.AddRange(page.Entries.Select(entry => entry.Subject));
            before = page.Next;
        }
        while (before is not null);
        Assert.Equal(Enumerable.Range(1, 150).Reverse().Select(at => $"item {at}"), subjects);

        var verdict = await VerifyAsync(scene, Book(scene));
        Assert.Empty(verdict.Problems);
        Assert.Equal(150, verdict.Entries);
    }

    [Fact]
    public async Task Taking_a_tenant_into_service_and_ending_it_stand_in_its_book_which_stays()
    {
        await using var scene = await ServiceScene.StartAsync(simulator, OneMailbox);
        await scene.OnboardAsync();
        await scene.UntilPointsAsync(1);
        await scene.TenantGrain.StartDestruction(new($"destroy {scene.Tenant}", "somebody", "The contract ended."), Never);
        using var patience = new CancellationTokenSource(Hang.Limit);
        while ((await scene.TenantGrain.GetDestruction(patience.Token)).EndedAt is null)
            await Hang.MomentAsync(patience.Token);

        var acts = (await scene.Grains.Audit(scene.Tenant).List(null, 100, Never)).Entries.Select(entry => entry.Act).ToList();
        Assert.Equal((AuditActs.Onboard, AuditActs.Destroyed), (acts[^1], acts[0]));
        Assert.Empty((await VerifyAsync(scene, scene.Grains.Audit(scene.Tenant))).Problems);
    }

    private static IAuditGrain Book(ServiceScene scene) => scene.Grains.GetGrain<IAuditGrain>(GrainKeys.Provider);

    private static async Task<AuditVerdict> VerifyAsync(ServiceScene scene, IAuditGrain book)
    {
        var verifier = new AuditVerifier(await scene.Grains.Provider().GetDeletionKey(Never), earlier: null);
        using var export = new MemoryStream();
        await foreach (var piece in book.Export(Never))
            export.Write(piece.Span);
        foreach (var line in Encoding.UTF8.GetString(export.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            verifier.Read(Encoding.UTF8.GetBytes(line));
        return verifier.Finish();
    }
}
