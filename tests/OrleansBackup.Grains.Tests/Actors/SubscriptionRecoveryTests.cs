using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Subscriptions;
using OrleansBackup.Grains.Subscriptions;
using OrleansBackup.Grains.Tests.Given;
using OrleansBackup.GraphSimulator.Generation;
using OrleansBackup.Vault;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Grains.Tests.Actors;

/// <summary>Who subscribed is known also when the database is lost, and what stands in an audit book is told also when the process dies before it told it.</summary>
public sealed class SubscriptionRecoveryTests(SimulatorFixture simulator) : IClassFixture<SimulatorFixture>
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly SubscriptionSettings Hook = new("ticket system", NoticeChannel.Webhook, "https://hook.invalid/", [EventKind.RunFailed, EventKind.RehearsalEnded], NoticeLanguage.En, true);

    [Fact]
    public async Task With_the_database_lost_subscriptions_come_back_with_their_secrets_and_what_was_removed_does_not()
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        var (estate, own) = (scene.Grains.Subscriptions(null), scene.Grains.Subscriptions(scene.Tenant));
        var first = await estate.Add(Hook, Never);
        var rotated = await estate.RotateSecret(first.Subscription.Id, Never);
        var mine = await own.Add(Hook with { Name = "theirs" }, Never);
        var removed = await own.Add(Hook with { Name = "removed" }, Never);
        await own.Remove(removed.Subscription.Id, Never);
        var changed = await own.Change(mine.Subscription.Id, Hook with { Name = "theirs", Language = NoticeLanguage.Nl, Enabled = false }, Never);
        await own.Add(Hook with { Name = "mail", Channel = NoticeChannel.Mail, Address = "robin@fabrikam.example" }, Never);
        var before = await KeptAsync(scene);
        await scene.StopAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(scene.Folder, "vault"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("hook.invalid", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal); // sealed as a whole
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        Assert.Empty(await scene.Grains.Subscriptions(null).List(Never));

        Assert.Empty((await LedgerRecoveryTests.RecoveredAsync(scene)).Problems);

        Assert.Equal(before, await KeptAsync(scene));
        Assert.Contains(changed.Settings.Name, before, StringComparison.Ordinal);
        var secrets = scene.Services.GetRequiredService<Grains.Notices.WebhookSecrets>();
        var target = await scene.Grains.Subscriptions(null).Find(first.Subscription.Id, Never);
        var opened = await Task.WhenAll(target!.WrappedSecrets.Select(wrapped => secrets.UnwrapAsync(GrainKeys.OfBook(null), first.Subscription.Id, wrapped, Never)));
        Assert.Equal([rotated.Secret!, first.Secret!], opened);
    }

    [Fact]
    public async Task What_could_not_be_written_beside_the_backups_is_not_acknowledged()
    {
        var isDown = false;
        await using var scene = await StartAsync(services => services.AddSingleton<IBlobStore>(provider =>
            new HookedBlobStore(new FolderBlobStore(Path.Combine(provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<Grains.Composition.DataOptions>>().Value.Folder, "vault")))
            {
                BeforePut = name => isDown && name.Value.Contains("subscriptions", StringComparison.Ordinal) ? throw new StoreUnavailableException("test", "it is down") : Task.CompletedTask,
            }));
        await scene.OnboardAsync();
        isDown = true;
        foreach (var book in new[] { scene.Grains.Subscriptions(null), scene.Grains.Subscriptions(scene.Tenant) })
        {
            await Assert.ThrowsAsync<VaultUnavailableException>(() => book.Add(Hook, Never));
            Assert.Empty(await book.List(Never));
        }
        isDown = false;
        await scene.Grains.Subscriptions(null).Add(Hook, Never);
    }

    [Fact]
    public async Task What_found_no_place_beside_the_backups_is_written_there_later_by_itself()
    {
        await using var scene = await StartAsync();
        await scene.Grains.Subscriptions(scene.Tenant).Add(Hook, Never); // the tenant has no backups yet, as a state of an earlier release has no mark
        var before = await KeptAsync(scene);
        await scene.OnboardAsync();
        Assert.Empty(Documents());
        await scene.StopAsync();
        await scene.StartServiceAsync();
        await scene.Grains.Subscriptions(scene.Tenant).List(Never); // comes to life
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Documents().Length == 0)
        {
            await Task.Yield();
            Assert.False(patience.IsCancellationRequested, "Waited in vain for the document of subscriptions.");
        }
        await scene.StopAsync();
        RecoveryTests.LoseTheDatabase(scene);
        await scene.StartServiceAsync();
        await LedgerRecoveryTests.RecoveredAsync(scene);
        Assert.Equal(before, await KeptAsync(scene));

        string[] Documents() => Directory.GetDirectories(Path.Combine(scene.Folder, "vault"), "subscriptions", SearchOption.AllDirectories);
    }

    [Theory]
    [InlineData(true, "event-outbox")] // killed after the entry, before anybody had the event
    [InlineData(false, "event-outbox")]
    [InlineData(true, "audit")] // killed after the event was handed over, before the mark moved
    [InlineData(false, "audit")]
    public async Task An_event_of_an_audit_book_is_handed_over_once_though_the_process_dies_between_the_entry_and_that(bool ofTenant, string diesAt)
    {
        await using var scene = await StartAsync();
        await scene.OnboardAsync();
        var book = ofTenant ? scene.Grains.Audit(scene.Tenant) : scene.Grains.ProviderAudit();
        var (act, kind) = ofTenant ? (AuditActs.Rehearsed, EventKind.RehearsalEnded) : (AuditActs.CreateKey, EventKind.KeyChanged);
        var id = (await scene.Grains.Subscriptions(ofTenant ? scene.Tenant : null).Add(Hook with { Kinds = [kind] }, Never)).Subscription.Id;
        await book.NoteAsync("kim", AuditActs.ReadAudit, "x", Never); // no event, so nothing of it is owed
        var writes = 0;
        scene.AroundWrite = (state, isDurable) => state == diesAt && !isDurable && (diesAt != "audit" || ++writes == 2) ? throw new IOException("The process dies here.") : Task.CompletedTask;
        try
        {
            await book.NoteAsync("kim", act, "y", Never);
            Assert.Equal("event-outbox", diesAt); // the act was written down and goes on
        }
        catch (IOException)
        {
            Assert.Equal("audit", diesAt);
        }
        await scene.KillAsync();
        scene.AroundWrite = null;
        await scene.StartServiceAsync(); // wakes the books
        Assert.Equal("y", Assert.Single((await scene.Grains.Outbox(ofTenant ? scene.Tenant : null, id).List(null, 100, null, Never)).Deliveries).Event.Subject);
        await (ofTenant ? scene.Grains.Audit(scene.Tenant) : scene.Grains.ProviderAudit()).Attend(Never);
        Assert.Single((await scene.Grains.Outbox(ofTenant ? scene.Tenant : null, id).List(null, 100, null, Never)).Deliveries);
    }

    [Fact]
    public async Task Events_that_subscriptions_could_not_take_are_handed_over_in_their_order_also_across_a_full_part_of_the_book()
    {
        await using var scene = await StartAsync();
        var book = scene.Grains.ProviderAudit();
        var id = (await scene.Grains.Subscriptions(null).Add(Hook with { Kinds = [EventKind.KeyChanged] }, Never)).Subscription.Id;
        scene.AroundWrite = (state, isDurable) => state == "event-outbox" && !isDurable ? throw new IOException("The database is away.") : Task.CompletedTask;
        for (var at = 0; at < 70; at++)
            await book.NoteAsync("kim", at % 10 == 0 ? AuditActs.CreateKey : AuditActs.ReadAudit, $"{at}", Never);
        Assert.Empty((await scene.Grains.Outbox(null, id).List(null, 100, null, Never)).Deliveries);
        scene.AroundWrite = null;
        await book.Attend(Never);
        var told = (await scene.Grains.Outbox(null, id).List(null, 100, null, Never)).Deliveries;
        Assert.Equal(Enumerable.Range(0, 7).Select(at => $"{at * 10}"), told.OrderBy(delivery => delivery.Sequence).Select(delivery => delivery.Event.Subject));
    }

    private Task<ServiceScene> StartAsync(Action<IServiceCollection>? services = null) => ServiceScene.StartAsync(
        simulator, new TenantRecipe { Users = 1, MessagesPerMailbox = 1 }, services, new() { ["Notices:Webhooks:AllowPrivateAddresses"] = "true" }, behind: TimeSpan.FromDays(1));

    /// <summary>All that both books know, as text.</summary>
    private static async Task<string> KeptAsync(ServiceScene scene)
    {
        var text = new StringBuilder();
        foreach (var book in new[] { scene.Grains.Subscriptions(null), scene.Grains.Subscriptions(scene.Tenant) })
            foreach (var one in await book.List(Never))
                text.AppendLine($"{one.Id} {one.Settings.Name} {one.Settings.Channel} {one.Settings.Address} {string.Join(',', one.Settings.Kinds)} {one.Settings.Language} {one.Settings.Enabled} {one.CreatedAt:O} {one.EarlierSecretUntil:O}");
        return text.ToString();
    }
}
