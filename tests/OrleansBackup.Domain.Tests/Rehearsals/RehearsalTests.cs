using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansBackup.Domain.Rehearsals;

namespace OrleansBackup.Domain.Tests.Rehearsals;

/// <summary>Nobody can choose what is rehearsed, every part of the estate has its turn, and a stranger can verify both.</summary>
public sealed class RehearsalTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_sample_has_every_kind_young_and_old_a_shared_mailbox_and_every_tenant()
    {
        var inventory = Estate();
        for (var before = 0; before < 50; before++)
        {
            var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(Hash(before), InventoryRoot.Of(inventory)), inventory, 50);

            Assert.Equal(50, drawn.Length);
            foreach (var kind in inventory.SelectMany(line => line.Kinds.Keys).Distinct())
                foreach (var age in new[] { PointAge.Young, PointAge.Old })
                    Assert.Contains(drawn, item => item.Kind == kind && item.Age == age);
            Assert.Contains(drawn, item => item.Purpose == RehearsalDraw.Shared);
            Assert.Equal(inventory.Select(line => line.Tenant).Distinct().Order(), drawn.Select(item => item.Tenant).Distinct().Order());
            Assert.Equal(drawn.Length, drawn.Distinct().Count());
            Assert.All(drawn, item => Assert.InRange(item.Index, 0, inventory.Single(line => line.Resource == item.Resource && line.Tenant == item.Tenant && line.Point == item.Point).Kinds[item.Kind] - 1));
        }
    }

    [Fact]
    public void The_same_evidence_gives_the_same_sample_in_whatever_order_it_is_read_and_other_evidence_another()
    {
        var inventory = Estate();
        var (root, seed) = (InventoryRoot.Of(inventory), RehearsalDraw.Seed(Hash(1), InventoryRoot.Of(inventory)));

        Assert.Equal(root, InventoryRoot.Of(inventory.Reverse()));
        Assert.Equal(RehearsalDraw.Draw(seed, inventory, 50).AsEnumerable(), RehearsalDraw.Draw(seed, inventory.Reverse(), 50));
        Assert.NotEqual(RehearsalDraw.Draw(seed, inventory, 50).AsEnumerable(), RehearsalDraw.Draw(RehearsalDraw.Seed(Hash(2), root), inventory, 50));
        Assert.NotEqual(root, InventoryRoot.Of(inventory.SetItem(0, inventory[0] with { Point = 77 })));
    }

    [Fact]
    public void No_item_is_drawn_twice_and_a_small_estate_is_drawn_whole()
    {
        var inventory = ImmutableArray.Create(Line("t1", "mailbox-1", 1, PointAge.Young, ("message", 7), ("event", 2)));

        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(Hash(1), InventoryRoot.Of(inventory)), inventory, 50);

        Assert.Equal(9, drawn.Distinct().Count());
        Assert.Equal(9, drawn.Length);
    }

    [Fact]
    public void An_empty_estate_draws_nothing() => Assert.Empty(RehearsalDraw.Draw(RehearsalDraw.Seed(Hash(1), InventoryRoot.Of(Array.Empty<InventoryLine>())), [], 50));

    [Fact]
    public void The_draw_is_what_it_was_when_it_was_first_released()
    {
        // Signed records are verified for years: this result must never change.
        var inventory = Estate();
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(RehearsalDraw.NothingBefore, InventoryRoot.Of(inventory)), inventory, 20);
        var text = string.Join('\n', drawn.Select(item => $"{item.Tenant}/{item.Resource}/{item.Point}/{item.Kind}/{item.Index}"));

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        Assert.True(hash == Golden, $"It is {hash} now: records that are out there would no longer verify.");
    }

    private const string Golden = "4614d05ef81213a73566e0fd10bec273c7945f0c1e762d5dde63655e71d8e24f";

    [Fact]
    public void A_record_is_valid_with_its_inventory_and_the_record_before()
    {
        var (file, inventory) = Record();

        var verdict = Verify(file, inventory);

        Assert.Empty(verdict.Problems);
        Assert.True(verdict.DrawCompared);
        Assert.True(RehearsalVerifier.Verify(Lines(file), PublicKey, null, null) is { IsValid: true, DrawCompared: false });
    }

    [Fact]
    public void A_record_whose_items_were_chosen_is_not()
    {
        var (file, inventory) = Record(record => record with { Items = record.Items.SetItem(0, record.Items[0] with { Drawn = record.Items[0].Drawn with { Index = record.Items[0].Drawn.Index + 1 } }) });
        Assert.Contains("the items are not those that had to be drawn", Verify(file, inventory).Problems);
    }

    [Fact]
    public void A_record_that_left_an_item_out_is_not()
    {
        var (file, inventory) = Record(record => record with { Items = record.Items.RemoveAt(3) });
        Assert.Contains("the items are not those that had to be drawn", Verify(file, inventory).Problems);
    }

    [Fact]
    public void A_record_of_another_inventory_is_not()
    {
        var (file, inventory) = Record();
        Assert.Contains("the inventory is not the one that the record names", Verify(file, inventory.RemoveAt(0)).Problems);
    }

    [Fact]
    public void A_record_says_of_each_item_by_which_way_it_came_back_what_was_lost_and_who_could_not_be_asked()
    {
        var (file, inventory) = Record();

        var said = Verify(file, inventory).Record!;

        Assert.Equal((RehearsalWay.Restored, true, null), (said.Items[0].Way, said.Items[0].IsCleared, said.Items[0].WayReason));
        Assert.Equal(["attendees"], said.Items[0].Lost.AsEnumerable());
        Assert.Equal((RehearsalWay.Read, null, "The tenant does not grant Mail.ReadWrite."), (said.Items[1].Way, said.Items[1].IsCleared, said.Items[1].WayReason));
        Assert.Equal([new("tenant-03", "mailbox-7", "Its store does not answer.")], said.Unreached.AsEnumerable());
    }

    [Fact]
    public void A_record_that_contradicts_itself_is_seen_although_it_was_signed()
    {
        Assert.Contains("an item was only read and nothing says why", Changed(1, item => item with { WayReason = null }));
        Assert.Contains("an item was restored and was not", Changed(0, item => item with { WayReason = "no" }));
        Assert.Contains("an item was restored and was not", Changed(1, item => item with { IsCleared = true }));
        Assert.Contains("an item's hashes and its differences contradict each other", Changed(0, item => item with { Differences = ["subject"] }));
        Assert.Contains("an item's hashes and its differences contradict each other", Changed(0, item => item with { After = Hash(9) }));

        IEnumerable<string> Changed(int number, Func<RehearsedItem, RehearsedItem> change)
        {
            var (file, inventory) = Record(record => record with { Items = record.Items.SetItem(number, change(record.Items[number])) });
            return Verify(file, inventory).Problems;
        }
    }

    [Fact]
    public void A_record_of_the_first_release_is_verified_for_ever()
    {
        // Made and signed by the release that read items back and restored none; never renewed.
        var stored = Path.Combine(AppContext.BaseDirectory, "Rehearsals", "stored");
        var (record, inventory) = (Lines(File.ReadAllBytes(Path.Combine(stored, "record-1.jsonl"))), Lines(File.ReadAllBytes(Path.Combine(stored, "record-1-inventory.jsonl"))));

        var verdict = RehearsalVerifier.Verify(record, File.ReadAllText(Path.Combine(stored, "record-1-key.pem")), inventory, null);

        Assert.Empty(verdict.Problems);
        Assert.True(verdict.DrawCompared);
        Assert.Equal((1, 8, 7), (verdict.Record!.Version, verdict.Record.Items.Length, verdict.Record.Items.Count(item => item.IsSame)));
        Assert.All(verdict.Record.Items, item => Assert.Equal(RehearsalWay.Read, item.Way));
    }

    [Fact]
    public void The_points_to_draw_from_are_the_newest_the_oldest_and_three_that_the_record_before_decides()
    {
        foreach (var points in Enumerable.Range(0, 120))
        {
            var ages = InventoryLine.Ages(points, Hash(1), "t1", "mailbox-1").ToList();

            Assert.Equal(Math.Min(points, 5), ages.Count);
            Assert.Equal(ages.Count, ages.Select(one => one.At).Distinct().Count());
            Assert.All(ages, one => Assert.Equal(one.At == points - 1 ? PointAge.Young : one.At == 0 ? PointAge.Old : PointAge.Middle, one.Age));
        }
        var reached = Enumerable.Range(0, 300).SelectMany(before => InventoryLine.Ages(90, Hash(before), "t1", "mailbox-1")).Select(one => one.At).Distinct();
        Assert.Equal(90, reached.Count()); // in the course of time every point has its turn
    }

    [Fact]
    public void An_inventory_of_points_that_somebody_chose_is_seen()
    {
        var line = Line("t1", "mailbox-1", 45, PointAge.Middle, ("message", 7)) with { Of = 90 };
        var byRule = InventoryLine.Ages(90, Hash(1), "t1", "mailbox-1").Where(one => one.Age == PointAge.Middle).Select(one => one.At).ToHashSet();

        Assert.All(Enumerable.Range(0, 90), at => Assert.Equal(byRule.Contains(at), (line with { At = at }).IsByRule(Hash(1))));
        Assert.Equal(line with { At = 3 }, InventoryLine.Read((line with { At = 3 }).Line())! with { Kinds = line.Kinds });
        var chosen = Record(of: [line with { At = Enumerable.Range(1, 88).First(at => !byRule.Contains(at)) }]);
        Assert.Contains("the inventory holds a restore point that was not to be drawn from", Verify(chosen.File, chosen.Inventory).Problems);
    }

    [Fact]
    public void Any_changed_byte_of_a_record_is_seen()
    {
        var (file, _) = Record();
        var bytes = Encoding.UTF8.GetBytes(file);
        for (var at = 0; at < bytes.Length - 1; at += 5)
        {
            var changed = (byte[])bytes.Clone();
            changed[at] ^= 1;
            Assert.False(RehearsalVerifier.Verify(Lines(changed), PublicKey, null, null).IsValid, $"byte {at}");
        }
    }

    [Fact]
    public void A_record_after_another_one_is_not_the_next()
    {
        var (file, _) = Record();
        Assert.Contains("the record before is another than this one names", RehearsalVerifier.Verify(Lines(file), PublicKey, null, "{}"u8.ToArray()).Problems);
    }

    [Theory]
    [InlineData(4, "2026-12-31", "2026-Q4")]
    [InlineData(4, "2027-01-01", "2027-Q1")]
    [InlineData(4, "2026-03-31", "2026-Q1")]
    [InlineData(4, "2026-04-01", "2026-Q2")]
    [InlineData(2, "2026-07-01", "2026-H2")]
    [InlineData(12, "2026-02-28", "2026-M02")]
    [InlineData(1, "2026-02-28", "2026-Y1")]
    public void Every_day_belongs_to_one_rehearsal(int perYear, string day, string period) => Assert.Equal(period, RehearsalSchedule.PeriodOf(DateOnly.Parse(day, null), perYear));

    [Fact]
    public void Four_a_year_are_four_whichever_year() => Assert.All(Enumerable.Range(2024, 5), year => Assert.Equal(4,
        Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(day => RehearsalSchedule.PeriodOf(new DateOnly(year, 1, 1).AddDays(day), 4)).Distinct().Count()));

    [Fact]
    public void The_figure_counts_slices_that_were_read_within_thirty_days()
    {
        var read = Enumerable.Range(0, 28).Select(day => Noon.AddDays(day)).ToArray();

        Assert.Equal(1, Restorability.ShareOf(read, 28, Noon.AddDays(29)));
        Assert.Equal(0.5, Restorability.ShareOf(read, 28, Noon.AddDays(43.5)));
        Assert.Equal(0, Restorability.ShareOf(read, 28, Noon.AddDays(99)));
        Assert.Equal(0.25, Restorability.ShareOf(read[..7], 28, Noon.AddDays(8)));
    }

    private string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    private (string File, ImmutableArray<InventoryLine> Inventory) Record(Func<RehearsalRecord, RehearsalRecord>? change = null, ImmutableArray<InventoryLine>? of = null)
    {
        var inventory = of ?? Estate();
        var root = InventoryRoot.Of(inventory);
        var drawn = RehearsalDraw.Draw(RehearsalDraw.Seed(Hash(1), root), inventory, 30);
        var record = new RehearsalRecord("provider", "2026-Q1", "the holder of a key", Hash(1), root, inventory.Length, 30, Noon, Noon.AddHours(2),
            [.. drawn.Select((item, number) => new RehearsedItem(item, number % 2 == 0 ? RehearsalWay.Restored : RehearsalWay.Read, "id-1", 10, Hash(5), Hash(5), Hash(6), null)
            {
                WayReason = number % 2 == 0 ? null : "The tenant does not grant Mail.ReadWrite.", Lost = number % 2 == 0 ? ["attendees"] : [], IsCleared = number % 2 == 0 ? true : null,
            })],
            Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()))) { Unreached = [new("tenant-03", "mailbox-7", "Its store does not answer.")] };
        var core = (change is null ? record : change(record)).Core();
        return (RehearsalRecord.File(core, _key.SignData(core, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)), inventory);
    }

    private RehearsalVerdict Verify(string file, ImmutableArray<InventoryLine> inventory) =>
        RehearsalVerifier.Verify(Lines(file), PublicKey, [.. inventory.Select(line => line.Line())], null);

    private static List<byte[]> Lines(string file) => Lines(Encoding.UTF8.GetBytes(file));

    private static List<byte[]> Lines(byte[] file)
    {
        var lines = new List<byte[]>();
        for (var rest = file.AsSpan(); rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n') is var found and >= 0 ? found : rest.Length;
            lines.Add(rest[..end].ToArray());
            rest = rest[Math.Min(rest.Length, end + 1)..];
        }
        return lines;
    }

    /// <summary>Twelve tenants of different kinds, of which only one has a shared mailbox.</summary>
    private static ImmutableArray<InventoryLine> Estate() =>
    [
        .. Enumerable.Range(1, 12).SelectMany(tenant => new[] { (Age: PointAge.Young, Point: 90L), (Age: PointAge.Middle, Point: 45L), (Age: PointAge.Old, Point: 1L) }.SelectMany(point => new[]
        {
            Line($"tenant-{tenant:d2}", "mailbox-1", point.Point, point.Age, ("message", 1_000 + tenant), ("event", 40), ("contact", 12), ("task", 3)),
            Line($"tenant-{tenant:d2}", "onedrive-1", point.Point, point.Age, ("file", 300)),
            tenant == 7 ? Line($"tenant-{tenant:d2}", "mailbox-9", point.Point, point.Age, ("message", 5)) with { Purpose = RehearsalDraw.Shared }
                : Line($"tenant-{tenant:d2}", "site-1", point.Point, point.Age, ("file", 80), ("list-item", 9), ("page", 2)),
        })),
    ];

    private static InventoryLine Line(string tenant, string resource, long point, PointAge age, params (string Kind, long Items)[] kinds) =>
        new(tenant, resource, "user", point, age, Noon.AddDays(point), kinds.ToImmutableSortedDictionary(kind => kind.Kind, kind => kind.Items, StringComparer.Ordinal));

    private static string Hash(int number) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)));
}
