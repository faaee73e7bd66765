using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OrleansBackup.Vault.Keys;
using OrleansBackup.Vault.Stores;
using OrleansBackup.Vault.Tests.Given;

namespace OrleansBackup.Vault.Tests.VaultReader;

/// <summary>The built command on a vault in a folder, as somebody runs it who has nothing else left.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly byte[] Mail = Encoding.UTF8.GetBytes("Subject: minutes\r\n\r\nAll went well.\r\n");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_lists_reads_verifies_and_exports()
    {
        await BackUpAsync();
        Assert.Equal((0, "tenant   card\ncontoso  {\"plan\":\"basic\"}\n"), await RunAsync("ls"));
        Assert.Equal((0, "resource   card\nmailbox-1  {\"address\":\"adele@contoso.example\"}\n"), await RunAsync("ls contoso"));

        var (code, points) = await RunAsync("ls contoso mailbox-1 --json");
        var point = JsonDocument.Parse(points.Split('\n')[0]).RootElement;
        Assert.Equal((0, 1, "1 event, 2 folder, 3 message"), (code, point.GetProperty("point").GetInt32(), point.GetProperty("items").GetString()));

        Assert.Contains("Inbox", (await RunAsync("ls contoso mailbox-1 latest")).Output, StringComparison.Ordinal);
        Assert.Contains("minutes", (await RunAsync("ls contoso mailbox-1 2026-03-01 Inbox")).Output, StringComparison.Ordinal);
        Assert.Equal((0, Encoding.UTF8.GetString(Mail)), await RunAsync("cat contoso mailbox-1 1 Inbox/minutes"));
        Assert.Equal((0, Encoding.UTF8.GetString(Mail)), await RunAsync("cat contoso mailbox-1 1 id:m1 --role mime"));
        Assert.Contains("sound", (await RunAsync("verify")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_has_every_content_and_never_leaves_its_folder()
    {
        await BackUpAsync();
        var target = _folder.Of("out");
        Assert.Equal(0, (await RunAsync("export contoso mailbox-1 latest --to", target)).Code);
        var files = Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(target, f)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(8, files.Length); // three messages and an event, each with its properties
        Assert.Equal(3, files.Count(f => f.EndsWith(".eml", StringComparison.Ordinal)));
        Assert.Equal(Mail, await File.ReadAllBytesAsync(Path.Combine(target, Assert.Single(files, f => f.StartsWith("Inbox/minutes-", StringComparison.Ordinal) && f.EndsWith(".eml", StringComparison.Ordinal)))));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder.Path), e => Path.GetFileName(e) is not ("store" or "key" or "out"));
        Assert.Equal(AsGraphSent, await File.ReadAllBytesAsync(Path.Combine(target, Assert.Single(files, f => f.EndsWith(".graph.json", StringComparison.Ordinal))))); // what is known of an item lies beside it, not over it
        Assert.Equal(4, (await RunAsync("export contoso mailbox-1 latest --to", target)).Code); // overwrites nothing
    }

    [Fact]
    public async Task Damage_is_named_and_the_rest_still_exported()
    {
        await BackUpAsync();
        var chunk = Directory.EnumerateFiles(Path.Combine(_folder.Of("store"), "contoso", "content"), "*", SearchOption.AllDirectories).First();
        await File.WriteAllBytesAsync(chunk, [1, 2, 3]);
        var (code, output) = await RunAsync("verify contoso");
        Assert.Equal(1, code);
        Assert.Contains("m3", output, StringComparison.Ordinal);
        (code, output) = await RunAsync("export contoso mailbox-1 latest --to", _folder.Of("out"));
        Assert.Equal(1, code);
        Assert.Contains("large", output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateFiles(_folder.Of("out"), "*.eml", SearchOption.AllDirectories).Count());
        Assert.Equal(1, (await RunAsync("cat contoso mailbox-1 latest id:m3")).Code);
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("melt", 2)]
    [InlineData("ls --wibble", 2)]
    [InlineData("cat contoso", 2)]
    [InlineData("ls contoso mailbox-1 yesterday", 2)]
    [InlineData("export contoso mailbox-1 latest", 2)]
    [InlineData("ls fabrikam", 3)]
    [InlineData("ls contoso mailbox-2", 3)]
    [InlineData("ls contoso mailbox-1 77", 3)]
    [InlineData("ls contoso mailbox-1 2025-01-01", 3)]
    [InlineData("cat contoso mailbox-1 latest Inbox/nothing", 3)]
    [InlineData("cat contoso mailbox-1 latest Inbox", 3)]
    public async Task What_cannot_be_done_is_told_by_its_status(string arguments, int code)
    {
        await BackUpAsync();
        Assert.Equal((code, ""), await RunAsync(arguments));
    }

    [Fact]
    public async Task Another_key_or_no_store_is_refused()
    {
        await BackUpAsync();
        File.Delete(_folder.Of("key"));
        Assert.Equal(4, (await RunAsync("ls")).Code);
        KeyFile.Create(_folder.Of("key"));
        Assert.Equal(4, (await RunAsync("ls contoso mailbox-1")).Code);
        Assert.Equal(1, (await RunAsync("verify")).Code);
        Directory.Move(_folder.Of("store"), _folder.Of("elsewhere"));
        Assert.Equal(4, (await RunAsync("ls")).Code);
    }

    private static readonly byte[] AsGraphSent = """{"subject":"as Graph sent it"}"""u8.ToArray();

    private async Task BackUpAsync()
    {
        var vault = await AVault.OnAsync(new FolderBlobStore(_folder.Of("store")), key: KeyFile.Create(_folder.Of("key")));
        await using var run = await vault.BeginAsync();
        await run.UpsertAsync(AVault.Item("inbox", "Inbox", "folder", "not in the point"), default);
        await run.UpsertAsync(AVault.Item("evil", "../../..", "folder", "inbox"), default);
        foreach (var (id, name, parent, bytes) in new[]
            { ("m1", "minutes", "inbox", Mail), ("m2", "../../../escaped\0\u001b[31m", "evil", Mail), ("m3", "large", "inbox", AVault.Bytes(3, 9000)) })
            await run.UpsertAsync(AVault.Item(id, name, "message", parent, ("mime", await run.StoreAsync(bytes, default))), default);
        await run.UpsertAsync(AVault.Item("e1", "tea", "event", "inbox", ("json", await run.StoreAsync(AsGraphSent, default))), default);
        await run.SealAsync();
        await vault.Repository.PutCardAsync("contoso", """{"plan":"basic"}""", default);
        await vault.Repository.PutCardAsync(AVault.Mailbox, """{"address":"adele@contoso.example"}""", default);
    }

    /// <summary>Runs the command. What it says of errors is not its output, and is told by the code alone.</summary>
    private async Task<(int Code, string Output)> RunAsync(string arguments, params string[] more)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "vault.exe" : "vault"))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(more).Concat(["--store", _folder.Of("store"), "--key", _folder.Of("key")]))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0 or 1 || (await errors).Length > 0, "an error says what is wrong");
        Assert.DoesNotContain("   at ", await errors, StringComparison.Ordinal); // no stack of calls for a user
        return (process.ExitCode, string.Join('\n', output.Split('\n').Select(l => l.TrimEnd(' '))));
    }
}
