using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.Cards;

/// <summary>What is entered in a ledger never changes, is found with the store and the key alone, and survives damage to one object.</summary>
public sealed class LedgerTests
{
    private static readonly DocumentName Invoice = new("invoices/2026-00001"), Account = new("accounts/a");
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task What_is_entered_is_found_by_another_process_and_never_takes_another_text()
    {
        var vault = await AVault.OnAsync(_store);
        Assert.Null(await vault.Repository.ReadDocumentAsync("contoso", Invoice, default));
        await vault.Repository.EnterAsync("contoso", Invoice, "100 euros", default);
        await vault.Repository.EnterAsync("contoso", Invoice, "100 euros", default);
        await Assert.ThrowsAsync<DocumentTakenException>(() => vault.Repository.EnterAsync("contoso", Invoice, "101 euros", default));
        var other = AVault.Existing(_store).Repository;
        Assert.Equal("100 euros", (await other.ReadDocumentAsync("contoso", Invoice, default))!.Text);
        Assert.Equal([Invoice], await other.ListDocumentsAsync("contoso", "invoices/", default).ToListAsync());
        Assert.Empty(await other.ListDocumentsAsync("contoso", "payments/", default).ToListAsync());
        Assert.Equal(2, Objects(Invoice).Length);
        Assert.Equal("100 euros", IndependentReading.Of(_store).Document("contoso", Invoice.Value));
    }

    [Fact]
    public async Task Any_flipped_byte_of_one_object_is_found_and_loses_nothing()
    {
        var vault = await AVault.OnAsync(_store);
        await vault.Repository.EnterAsync("contoso", Invoice, "100 euros", default);
        foreach (var name in Objects(Invoice))
        {
            var whole = _store.Objects[name].ToArray();
            for (var at = 0; at < whole.Length; at++)
            {
                var bytes = whole.ToArray();
                bytes[at] ^= 1;
                _store.Replace(name, bytes);
                Assert.Equal("100 euros", (await vault.Repository.ReadDocumentAsync("contoso", Invoice, default))!.Text);
                Assert.Equal(name, Assert.Single(await vault.Repository.CheckLedgerAsync("contoso", default)).Name);
            }
            _store.Replace(name, whole);
        }
        Assert.Empty(await vault.Repository.CheckLedgerAsync("contoso", default));
    }

    [Fact]
    public async Task A_document_that_is_replaced_keeps_a_few_editions_and_one_of_another_name_does_not_pass_for_it()
    {
        var vault = await AVault.OnAsync(_store);
        for (var version = 1; version <= 6; version++)
            await vault.Repository.ReplaceAsync("contoso", Account, $"{version}", default);
        await vault.Repository.ReplaceAsync("contoso", Account, "6", default);
        Assert.Equal("6", (await vault.Repository.ReadDocumentAsync("contoso", Account, default))!.Text);
        Assert.Equal(3, Objects(Account).Length);
        await vault.Repository.EnterAsync("contoso", Invoice, "100 euros", default);
        foreach (var name in Objects(Account))
            _store.Replace(name, _store.Objects[Objects(Invoice)[0]]);
        await Assert.ThrowsAsync<DamagedObjectException>(() => vault.Repository.ReadDocumentAsync("contoso", Account, default));
    }

    [Fact]
    public async Task An_entry_that_fails_at_any_call_is_completed_by_the_next()
    {
        for (var at = 0; ; at++)
        {
            var store = new MemoryBlobStore();
            var vault = await AVault.OnAsync(store);
            var faulty = new FaultyBlobStore(store, at, Fault.Stopped);
            try { await vault.Through(faulty).Repository.EnterAsync("contoso", Invoice, "100 euros", default); }
            catch (StoppedException) { } // what is to be tested: what is there then
            await vault.Repository.EnterAsync("contoso", Invoice, "100 euros", default);
            Assert.Equal("100 euros", (await vault.Repository.ReadDocumentAsync("contoso", Invoice, default))!.Text);
            Assert.Equal(2, store.Objects.Keys.Count(name => name.Value.Contains("/ledger/", StringComparison.Ordinal)));
            if (!faulty.Played)
                break;
        }
    }

    private BlobName[] Objects(DocumentName document) =>
        [.. _store.Objects.Keys.Where(name => name.Value.StartsWith($"contoso/ledger/{document}/", StringComparison.Ordinal)).OrderBy(name => name.Value, StringComparer.Ordinal)];
}
