using System.Collections.Immutable;
using OrleansBackup.Vault.Tests.Given;
using Xunit;

namespace OrleansBackup.Vault.Tests.Items;

public sealed class SearchTests
{
    private static readonly string[] Subjects =
        ["Offerte 2026", "Re: Offerte", "Überweisung für März", "Ελληνικά νέα", "half \ud83d of a smile offerte", "Lunch?", "a", "", "Invoice 4711 (paid)", "the the the"];

    [Fact]
    public async Task Every_search_finds_what_looking_at_each_item_finds()
    {
        var point = await ALifeAsync(new Random(7), runs: 9);
        var all = await point.ItemsAsync(ItemFilter.All, default).ToListAsync();
        var middle = all[all.Count / 2].Time!.Value;
        string[][] searches =
            [[], ["offerte"], ["OFFERTE", "2026"], ["überweisung"], ["ÜBERWEISUNG", "märz"], ["νέα"], ["smile"], ["4711"], ["(paid)"], ["the"], ["a"], ["q7z"], ["someone"], ["4711", "lunch"]];
        var hits = 0;
        foreach (var words in searches)
            foreach (var query in new[]
                     {
                         new ItemQuery([.. words], null, null, null),
                         new ItemQuery([.. words], "message", middle, null),
                         new ItemQuery([.. words], null, null, middle) { Texts = item => [item.Name, item.Properties["from"]] },
                     })
            {
                var expected = all.Where(query.Matches).Select(item => item.Id).ToList();
                var found = await point.SearchAsync(query, default).ToListAsync();
                Assert.Equal(expected, found.Select(item => item.Id).Order(StringComparer.Ordinal));
                Assert.All(found, item => Assert.Equal(all.Single(other => other.Id == item.Id), item));
                hits += found.Count;
            }
        Assert.True(hits > 500);
    }

    [Fact]
    public void Letters_that_are_no_plain_ones_count_upper_and_lower_alike()
    {
        var query = new ItemQuery(["STRAßE", "ÉTÉ"], null, null, null);
        Assert.True(query.Matches(AVault.Item("1", name: "Rue d'été, Straße")));
        Assert.False(query.Matches(AVault.Item("1", name: "Rue d'ete, Straße")));
    }

    [Fact]
    public async Task A_long_list_goes_on_after_any_item_of_it()
    {
        var point = await ALifeAsync(new Random(11), runs: 6);
        foreach (var filter in new[] { new ItemFilter("message", "inbox"), new ItemFilter("folder"), new ItemFilter(null, "archive"), ItemFilter.All })
        {
            var whole = await point.ItemsAsync(filter, default).Select(item => item.Id).ToListAsync();
            Assert.True(whole.Count > 20);
            var (parts, after) = (new List<string>(), (string?)null);
            while (true)
            {
                var part = await point.ItemsAsync(filter with { AfterId = after }, default).Take(7).Select(item => item.Id).ToListAsync();
                if (part.Count == 0)
                    break;
                parts.AddRange(part);
                after = part[^1];
            }
            Assert.Equal(whole, parts);
            Assert.Equal(whole.Where(id => string.CompareOrdinal(id, "0150x") > 0), // an id that is not there
                await point.ItemsAsync(filter with { AfterId = "0150x" }, default).Select(item => item.Id).ToListAsync());
        }
    }

    /// <summary>Several days of arrivals, changes, moves and departures, spread over segments and bases.</summary>
    private static async Task<PointReader> ALifeAsync(Random random, int runs)
    {
        var vault = await AVault.OnAsync(new MemoryBlobStore());
        long last = 0;
        for (var day = 0; day < runs; day++)
        {
            vault.Clock.Advance(TimeSpan.FromDays(1));
            await using var run = await vault.BeginAsync();
            for (var i = 0; i < 40; i++)
            {
                var id = random.Next(300).ToString("0000");
                if (random.Next(6) == 0)
                    await run.RemoveAsync(id, default);
                else
                    await run.UpsertAsync(AVault.Item(id, Subjects[random.Next(Subjects.Length)], random.Next(3) == 0 ? "folder" : "message", random.Next(3) == 0 ? "archive" : "inbox")
                        with { Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(random.Next(1000)) }, default);
            }
            last = (await run.SealAsync()).Sequence;
        }
        return await (await vault.OpenAsync()).OpenPointAsync(last, default);
    }
}
