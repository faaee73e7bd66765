using System.IO.Compression;
using System.Text;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.Vault.Tests.VaultReader;

/// <summary>A customer verifies a deletion record with the command, the public key and nothing else.</summary>
public sealed class VerifyDeletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_record_is_valid_with_the_key_of_its_signer_and_no_other_and_only_unaltered()
    {
        await DestroyAsync();
        var (code, output) = await RunAsync("record.zip", "provider.pem");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("contoso", output, StringComparison.Ordinal);
        Assert.Contains("The contract ended.", output, StringComparison.Ordinal);
        ZipFile.ExtractToDirectory(_folder.Of("record.zip"), _folder.Of("out"));
        Assert.Equal(ExitCode.Done, (await RunAsync("out/record.json", "provider.pem")).Code);
        Assert.Equal(ExitCode.Done, (await RunAsync("out", "provider.pem")).Code);

        using (var other = DeletionSigner.Create(_folder.Of("other-private.pem")))
            await File.WriteAllTextAsync(_folder.Of("other.pem"), other.PublicKeyPem);
        Assert.Equal(ExitCode.Damage, (await RunAsync("record.zip", "other.pem")).Code);
        await File.AppendAllTextAsync(_folder.Of("out/inventory.txt"), "1 one-more\n");
        Assert.Equal(ExitCode.Damage, (await RunAsync("out/record.json", "provider.pem")).Code);
        File.Delete(_folder.Of("out/inventory.txt"));
        Assert.Contains("not compared", (await RunAsync("out/record.json", "provider.pem")).Output, StringComparison.Ordinal);
        var altered = (await File.ReadAllTextAsync(_folder.Of("out/record.json"))).Replace("contract", "Contract", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder.Of("out/record.json"), altered);
        Assert.Equal(ExitCode.Damage, (await RunAsync("out/record.json", "provider.pem")).Code);
    }

    [Fact]
    public async Task What_is_missing_is_told()
    {
        await DestroyAsync();
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => CommandLine.Parse(["verify-deletion", "record.zip"])).Code);
        Assert.Equal(ExitCode.NotFound, (await Assert.ThrowsAsync<CommandException>(() => RunAsync("nowhere/record.json", "provider.pem"))).Code);
    }

    private async Task DestroyAsync()
    {
        var key = KeyFile.Create(_folder.Of("key"));
        var store = new FolderBlobStore(_folder.Of("store"));
        var vault = await AVault.OnAsync(store, key: key);
        await using (var run = await vault.BeginAsync())
        {
            await run.UpsertAsync(AVault.Item("m1", "minutes", "message", "inbox", ("mime", await run.StoreAsync(AVault.Bytes(1, 900), default))), default);
            await run.SealAsync();
        }
        using var signer = DeletionSigner.Create(_folder.Of("private.pem"));
        var signed = await new TenantDestruction(store, "store", key, signer, TimeProvider.System).DestroyAsync("contoso", new("kim", "The contract ended."), 4, default);
        await File.WriteAllTextAsync(_folder.Of("provider.pem"), signed.PublicKeyPem);
        using var zip = ZipFile.Open(_folder.Of("record.zip"), ZipArchiveMode.Create);
        foreach (var (name, bytes) in new[] { ("record.json", signed.Record), ("record.sig", signed.Signature), ("inventory.txt", signed.Inventory) })
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(bytes);
        }
    }

    private async Task<(ExitCode Code, string Output)> RunAsync(string record, string key)
    {
        var output = new StringWriter(new StringBuilder());
        var line = CommandLine.Parse(["verify-deletion", _folder.Of(record), "--public-key", _folder.Of(key)]);
        return (await Commands.RunAsync(line, StoreAccess.OfThisMachine, output, () => Stream.Null, default), output.ToString());
    }
}
