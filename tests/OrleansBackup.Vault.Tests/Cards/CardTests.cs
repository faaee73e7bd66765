using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Cards;

/// <summary>Cards are found again with nothing but the store and the key, and go where everything of the tenant goes.</summary>
public sealed class CardTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task The_last_card_put_is_the_one_that_another_process_and_the_independent_reader_find()
    {
        var vault = await AVault.OnAsync(_store);
        Assert.Null(await vault.Repository.ReadCardAsync("contoso", default));
        for (var version = 1; version <= 6; version++)
        {
            await vault.Repository.PutCardAsync("contoso", $"tenant {version}", default);
            await vault.Repository.PutCardAsync(AVault.Mailbox, $"mailbox {version}", default);
        }
        var other = AVault.Existing(_store).Repository;
        Assert.Equal(new VaultCard(6, vault.Clock.GetUtcNow(), "tenant 6", IsNewest: true), await other.ReadCardAsync("contoso", default));
        Assert.Equal("mailbox 6", (await other.ReadCardAsync(AVault.Mailbox, default))!.Text);
        Assert.Equal(["mailbox-1"], await other.ListResourcesAsync("contoso", default).ToListAsync());
        Assert.Equal(6, CardsOf("contoso/").Length); // three of each are kept
        var independent = IndependentReading.Of(_store);
        Assert.Equal(("tenant 6", "mailbox 6"), (independent.Card("contoso"), independent.Open("contoso", "mailbox-1").Card()));
    }

    [Fact]
    public async Task The_same_card_again_is_not_stored_again()
    {
        var vault = await AVault.OnAsync(_store);
        for (var time = 0; time < 3; time++)
            await vault.Repository.PutCardAsync("contoso", "same", default);
        Assert.Single(CardsOf("contoso/"));
    }

    [Fact]
    public async Task A_damaged_card_leaves_the_one_before_and_says_so_and_a_check_finds_it()
    {
        var vault = await AVault.OnAsync(_store);
        await vault.Repository.PutCardAsync(AVault.Mailbox, "old", default);
        await vault.Repository.PutCardAsync(AVault.Mailbox, "new", default);
        var newest = CardsOf("contoso/resources/")[^1];
        var bytes = _store.Objects[newest].ToArray();
        bytes[^3] ^= 1;
        _store.Replace(newest, bytes);
        Assert.Equal((1, "old", false), await vault.Repository.ReadCardAsync(AVault.Mailbox, default) is { } card ? (card.Number, card.Text, card.IsNewest) : default);
        var mailbox = await vault.OpenAsync();
        Assert.Equal(newest, Assert.Single((await mailbox.CheckAsync(CheckDepth.Full, null, default)).Findings).Name);
        Assert.Equal(newest, Assert.Single((await mailbox.ScrubAsync(null, 1, default)).Damage).Name);
        await vault.Repository.PutCardAsync(AVault.Mailbox, "old", default); // not taken for the newest: it is put again
        Assert.Equal((3, "old", true), await vault.Repository.ReadCardAsync(AVault.Mailbox, default) is { } next ? (next.Number, next.Text, next.IsNewest) : default);
        foreach (var name in CardsOf("contoso/resources/"))
            _store.Replace(name, bytes);
        await Assert.ThrowsAsync<DamagedObjectException>(() => vault.Repository.ReadCardAsync(AVault.Mailbox, default));
    }

    [Fact]
    public async Task A_card_of_one_resource_is_no_card_of_another()
    {
        var vault = await AVault.OnAsync(_store);
        await vault.Repository.PutCardAsync(AVault.Mailbox, "mine", default);
        _store.Replace(new("contoso/card/0000000001"), _store.Objects[CardsOf("contoso/resources/")[0]]);
        await Assert.ThrowsAsync<DamagedObjectException>(() => vault.Repository.ReadCardAsync("contoso", default));
    }

    [Fact]
    public async Task A_put_that_fails_at_any_call_leaves_a_card_that_was_put()
    {
        for (var at = 0; ; at++)
        {
            var store = new MemoryBlobStore();
            var vault = await AVault.OnAsync(store);
            for (var version = 1; version <= 3; version++)
                await vault.Repository.PutCardAsync("contoso", $"{version}", default);
            var faulty = new FaultyBlobStore(store, at, Fault.Stopped);
            try { await vault.Through(faulty).Repository.PutCardAsync("contoso", "4", default); }
            catch (StoppedException) { } // what is to be tested: what is there then
            Assert.Equal(at == 0 ? "3" : "4", (await vault.Repository.ReadCardAsync("contoso", default))!.Text);
            if (!faulty.Played)
                break;
        }
    }

    [Fact]
    public async Task Cards_go_with_their_resource_and_with_their_tenant()
    {
        using var folder = new TemporaryFolder();
        var vault = await AVault.OnAsync(_store);
        await ALife.RunAsync(vault, day: 1);
        await vault.Repository.PutCardAsync("contoso", "tenant", default);
        await vault.Repository.PutCardAsync(AVault.Mailbox, "mailbox", default);
        await (await vault.OpenAsync()).DeleteAllAsync(default);
        Assert.Equal(new BlobName("contoso/card/0000000001"), Assert.Single(CardsOf("contoso/")));
        using var signer = DeletionSigner.Create(folder.Of("signer"));
        var destruction = new TenantDestruction(_store, "test", vault.Key, signer, vault.Clock);
        await destruction.DestroyAsync("contoso", new("somebody", "the contract ended"), sample: 5, default);
        Assert.Empty(CardsOf("contoso/"));
    }

    private BlobName[] CardsOf(string prefix) =>
        [.. _store.Objects.Keys.Where(n => n.Value.StartsWith(prefix, StringComparison.Ordinal) && n.Value.Contains("/card/", StringComparison.Ordinal)).OrderBy(n => n.Value, StringComparer.Ordinal)];
}
