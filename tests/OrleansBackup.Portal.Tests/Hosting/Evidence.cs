using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Evidence;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.GrainInterfaces.Rehearsals;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A rehearsal with a signed record and an audit book with a signed head, both really right.</summary>
internal static class Evidence
{
    public const string Name = "2026-Q1";

    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly ImmutableArray<InventoryLine> Inventory =
    [
        new(Estate.Id(3).ToString(), "mailbox-20000000-0000-0000-0000-000000000000", "user", 90, PointAge.Young, Estate.Now.AddDays(-1), ImmutableSortedDictionary<string, long>.Empty.Add("message", 40).Add("event", 12)),
        new(Estate.Id(4).ToString(), "onedrive-20000000-0000-0000-0000-000000000001", "user", 12, PointAge.Old, Estate.Now.AddDays(-80), ImmutableSortedDictionary<string, long>.Empty.Add("file", 30)),
    ];

    private static readonly RehearsalRecord Record = MakeRecord();

    public static string PublicKey { get; } = Key.ExportSubjectPublicKeyInfoPem();

    public static string File { get; } = RehearsalRecord.File(Record.Core(), Sign(Record.Core()));

    public static byte[] InventoryFile { get; } = Encoding.UTF8.GetBytes(string.Concat(Inventory.Select(line => Encoding.UTF8.GetString(line.Line()) + "\n")));

    public static RehearsalListing Listing { get; } = new(
        Name, RehearsalStage.Done, new("the service", "The rehearsal of the quarter.", Estate.Now.AddDays(-10)), 6, Record.InventoryRoot, Inventory.Length, 1, Record.Items.Length, Record.Items.Length, 0,
        Estate.Now.AddDays(-9), RehearsalRecord.HashOf(Record.Core()), 1, null) { Restored = 4 };

    /// <summary>Newest first.</summary>
    public static ImmutableArray<AuditEntry> Book { get; } = MakeBook();

    public static byte[] BookFile { get; } = MakeBookFile();

    private static RehearsalRecord MakeRecord()
    {
        var root = InventoryRoot.Of(Inventory);
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(RehearsalDraw.NothingBefore, root), Inventory, 6);
        var hash = Convert.ToHexStringLower(SHA256.HashData("item"u8));
        return new RehearsalRecord(
            "provider", Name, "the service", RehearsalDraw.NothingBefore, root, Inventory.Length, 6, Estate.Now.AddDays(-10), Estate.Now.AddDays(-9),
            [.. drawn.Select((item, number) => number == 1
                ? new RehearsedItem(item, RehearsalWay.Read, "id", 4_000, hash, hash, hash, null) { WayReason = "The tenant does not grant Mail.ReadWrite." }
                : new RehearsedItem(item, RehearsalWay.Restored, "id", 12_000, hash, hash, hash, null) { IsCleared = true, Lost = ["attendees"] })],
            EvidenceSignature.FingerprintOf(Key.ExportSubjectPublicKeyInfoPem())!) { Unreached = [new(Estate.Id(6).ToString(), "mailbox-1", "Its store does not answer.")] };
    }

    private static ImmutableArray<AuditEntry> MakeBook()
    {
        var (end, entries) = (AuditEnd.Empty, ImmutableArray.CreateBuilder<AuditEntry>());
        foreach (var (number, act) in ((string[])[AuditActs.Onboard, AuditActs.ChangeSettings, AuditActs.StartRestore, AuditActs.AcknowledgeCheck]).Index())
        {
            var entry = AuditChain.Next("provider", end, Estate.Now.AddHours(number - 9), number == 1 ? "first-key" : Estate.HostileName, act, $"tenants/{Estate.Id(number)}", [new("asked", Estate.HostileName)]);
            entries.Add(entry);
            end = new AuditEnd(entry.Sequence, entry.Hash());
        }
        entries.Reverse();
        return entries.ToImmutable();
    }

    private static byte[] MakeBookFile()
    {
        var head = new AuditHead("provider", Book.Length, Book[0].Hash(), Estate.Now, EvidenceSignature.FingerprintOf(PublicKey)!);
        return [.. Book.Reverse().SelectMany(entry => entry.Line().Append((byte)'\n')), .. head.Line(Sign(head.Core())), (byte)'\n'];
    }

    private static byte[] Sign(byte[] document) => Key.SignData(document, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
}
