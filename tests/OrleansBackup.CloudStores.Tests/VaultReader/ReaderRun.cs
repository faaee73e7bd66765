using System.Text;
using Azure.Core;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.CloudStores.Tests.VaultReader;

/// <summary>A small vault in a store, and the reader run on it with a given environment and sign-in.</summary>
internal static class ReaderRun
{
    public static readonly byte[] Mail = Encoding.UTF8.GetBytes("Subject: minutes\r\n\r\nAll went well.\r\n");

    public static async Task BackUpAsync(IBlobStore store, IKeyEncryption key)
    {
        var vault = await AVault.OnAsync(store, key: key);
        await using var run = await vault.BeginAsync();
        await run.UpsertAsync(AVault.Item("inbox", "Inbox", "folder", parent: null), default);
        await run.PutAsync("m1", Mail);
        await run.PutAsync("m2", AVault.Bytes(1, 20_000, compressible: false));
        await run.SealAsync();
    }

    /// <summary>Every verb, on the store and key that the options name.</summary>
    public static async Task AssertReadsAsync(StoreAccess access, string folder, params string[] options)
    {
        Assert.Contains("contoso", (await RunAsync(access, ["ls", .. options])).Output, StringComparison.Ordinal);
        Assert.Contains("name of m1", (await RunAsync(access, ["ls", "contoso", "mailbox-1", "latest", "Inbox", .. options])).Output, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Done, Encoding.UTF8.GetString(Mail)), await RunAsync(access, ["cat", "contoso", "mailbox-1", "1", "id:m1", .. options]));
        var verified = await RunAsync(access, ["verify", .. options]);
        Assert.Equal(ExitCode.Done, verified.Code);
        Assert.Contains("sound", verified.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await RunAsync(access, ["export", "contoso", "mailbox-1", "latest", "--to", folder, .. options])).Code);
        Assert.Equal(2, Directory.EnumerateFiles(folder, "*.eml", SearchOption.AllDirectories).Count());
    }

    public static StoreAccess With(TokenCredential? credential = null, params (string Variable, string Value)[] environment)
    {
        var variables = environment.ToDictionary(v => v.Variable, v => v.Value);
        return new(variables.GetValueOrDefault, () => credential ?? throw new InvalidOperationException("Nobody should have signed in."));
    }

    public static async Task<(ExitCode Code, string Output)> RunAsync(StoreAccess access, params string[] arguments)
    {
        var (text, content) = (new StringWriter(), new MemoryStream());
        var code = await Commands.RunAsync(CommandLine.Parse(arguments), access, text, () => content, default);
        return (code, text + Encoding.UTF8.GetString(content.ToArray()));
    }
}
