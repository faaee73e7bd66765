using System.Collections.Immutable;
using System.Text;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Vault.Keys.Destruction;
using OrleansBackup.Vault.Tests.Given;
using OrleansBackup.VaultReader;

namespace OrleansBackup.Vault.Tests.VaultReader;

/// <summary>A stranger verifies audit books and rehearsals with the command, the public key and nothing else.</summary>
public sealed class VerifyEvidenceTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_book_is_valid_only_whole_unaltered_and_in_order()
    {
        using var signer = DeletionSigner.Create(_folder.Of("private.pem"));
        await File.WriteAllTextAsync(_folder.Of("provider.pem"), signer.PublicKeyPem);
        var lines = Book(signer, 9);
        Assert.Equal(ExitCode.Done, (await AuditAsync(lines)).Code);
        Assert.Contains("no earlier export", (await AuditAsync(lines)).Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.Damage, (await AuditAsync([.. lines.Select((line, at) => at == 4 ? line.Replace("somebody", "Somebody", StringComparison.Ordinal) : line)])).Code);
        Assert.Equal(ExitCode.Damage, (await AuditAsync([.. lines.Where((_, at) => at != 2)])).Code);
        Assert.Equal(ExitCode.Damage, (await AuditAsync([lines[1], lines[0], .. lines[2..]])).Code);
        Assert.Equal(ExitCode.Damage, (await AuditAsync(lines[..6])).Code);

        await WriteAsync("earlier.jsonl", Book(signer, 5));
        Assert.Equal(ExitCode.Done, (await AuditAsync(lines, "--earlier", _folder.Of("earlier.jsonl"))).Code);
        await WriteAsync("earlier.jsonl", Book(signer, 5, actor: "nobody"));
        Assert.Equal(ExitCode.Damage, (await AuditAsync(lines, "--earlier", _folder.Of("earlier.jsonl"))).Code);
    }

    [Fact]
    public async Task A_rehearsal_is_valid_only_if_its_items_had_to_be_drawn()
    {
        using var signer = DeletionSigner.Create(_folder.Of("private.pem"));
        await File.WriteAllTextAsync(_folder.Of("provider.pem"), signer.PublicKeyPem);
        ImmutableArray<InventoryLine> inventory = [new("t1", "mailbox-1", "shared", 3, PointAge.Young, Noon, ImmutableSortedDictionary<string, long>.Empty.Add("message", 500))];
        await WriteAsync("inventory.jsonl", [.. inventory.Select(line => Encoding.UTF8.GetString(line.Line()))]);
        var root = InventoryRoot.Of(inventory);
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(RehearsalDraw.NothingBefore, root), inventory, 5);
        Assert.Equal(ExitCode.Done, (await RehearsalAsync(drawn)).Code);
        Assert.Equal(ExitCode.Damage, (await RehearsalAsync(drawn.SetItem(0, drawn[0] with { Index = (drawn[0].Index + 1) % 500 }))).Code);

        async Task<(ExitCode Code, string Output)> RehearsalAsync(ImmutableArray<DrawnItem> items)
        {
            var core = new RehearsalRecord("provider", "2026-Q1", "somebody", RehearsalDraw.NothingBefore, root, 1, 5, Noon, Noon,
                [.. items.Select(item => new RehearsedItem(item, RehearsalWay.Read, "id", 1, root, root, root, null) { WayReason = "The tenant does not grant it." })], signer.Fingerprint).Core();
            await File.WriteAllTextAsync(_folder.Of("record.jsonl"), RehearsalRecord.File(core, signer.Sign(core)));
            return await RunAsync("rehearsal", "verify", _folder.Of("record.jsonl"), "--public-key", _folder.Of("provider.pem"), "--inventory", _folder.Of("inventory.jsonl"));
        }
    }

    [Fact]
    public async Task What_is_not_understood_or_not_there_is_told()
    {
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => CommandLine.Parse(["audit", "verify", "book.jsonl"])).Code);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => CommandLine.Parse(["audit", "burn", "book.jsonl", "--public-key", "key"])).Code);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => CommandLine.Parse(["audit", "verify", "book.jsonl", "--public-key", ""])).Code);
        await File.WriteAllTextAsync(_folder.Of("provider.pem"), "");
        Assert.Equal(ExitCode.NotFound, (await Assert.ThrowsAsync<CommandException>(() => RunAsync("audit", "verify", _folder.Of("nothing"), "--public-key", _folder.Of("provider.pem")))).Code);
    }

    private static string[] Book(DeletionSigner signer, int entries, string actor = "somebody")
    {
        var (lines, end) = (new List<string>(), AuditEnd.Empty);
        for (var at = 0; at < entries; at++)
        {
            var entry = AuditChain.Next("provider", end, Noon.AddMinutes(at), actor, AuditActs.RotateKey, $"rotation {at}", []);
            lines.Add(Encoding.UTF8.GetString(entry.Line()));
            end = new AuditEnd(entry.Sequence, entry.Hash());
        }
        var head = new AuditHead("provider", end.Count, end.Hash, Noon.AddDays(1), signer.Fingerprint);
        return [.. lines, Encoding.UTF8.GetString(head.Line(signer.Sign(head.Core())))];
    }

    private async Task<(ExitCode Code, string Output)> AuditAsync(string[] lines, params string[] more)
    {
        await WriteAsync("book.jsonl", lines);
        return await RunAsync(["audit", "verify", _folder.Of("book.jsonl"), "--public-key", _folder.Of("provider.pem"), .. more]);
    }

    private Task WriteAsync(string name, string[] lines) => File.WriteAllTextAsync(_folder.Of(name), string.Concat(lines.Select(line => line + "\n")));

    private static async Task<(ExitCode Code, string Output)> RunAsync(params string[] arguments)
    {
        var output = new StringWriter(new StringBuilder());
        return (await Commands.RunAsync(CommandLine.Parse(arguments), StoreAccess.OfThisMachine, output, () => Stream.Null, default), output.ToString());
    }
}
