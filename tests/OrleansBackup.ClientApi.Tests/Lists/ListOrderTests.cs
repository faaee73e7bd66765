using OrleansBackup.ClientApi.Lists;
using OrleansBackup.ClientApi.Problems;

namespace OrleansBackup.ClientApi.Tests.Lists;

public sealed class ListOrderTests
{
    private static readonly ListOrder<(int Id, long Size)> Order = new(entry => $"{entry.Id:D4}", ("id", _ => ""), ("size", entry => SortText.Of(entry.Size)));

    [Theory]
    [InlineData(null)]
    [InlineData("-id")]
    [InlineData("size")]
    [InlineData("-size")]
    public void Parts_of_any_size_make_up_the_whole_list_in_order_each_entry_once(string? sort)
    {
        var random = new Random(7);
        var all = Enumerable.Range(0, 200).Select(id => (Id: id, Size: (long)random.Next(-5, 5))).OrderBy(_ => random.Next()).ToList();
        var expected = sort switch
        {
            null => all.OrderBy(entry => entry.Id), "-id" => all.OrderByDescending(entry => entry.Id), "size" => all.OrderBy(entry => entry.Size).ThenBy(entry => entry.Id),
            _ => all.OrderByDescending(entry => entry.Size).ThenByDescending(entry => entry.Id),
        };
        foreach (var limit in new[] { 1, 7, 199, 200, 1_000 })
            Assert.Equal(expected, Walk(all, sort, limit, (_, _) => { }));
    }

    [Fact]
    public void What_comes_and_goes_meanwhile_neither_doubles_nor_hides_what_stays()
    {
        var all = Enumerable.Range(0, 100).Select(id => (Id: id, Size: 1L)).ToList();
        var seen = Walk(all, null, 10, (list, last) =>
        {
            list.RemoveAll(entry => entry.Id == last); // also the one that the cursor names
            list.Add((last - 1000, 1L));
        });
        Assert.Equal(Enumerable.Range(0, 100), seen.Select(entry => entry.Id));
    }

    [Theory]
    [InlineData("colour", null)]
    [InlineData("--id", null)]
    [InlineData(null, "nonsense")]
    [InlineData(null, "")]
    [InlineData("size", "WyJpZCIsIiIsIjAwMDEiXQ")] // of a list that was sorted otherwise
    public void A_sort_or_a_cursor_that_is_none_is_refused(string? sort, string? after) =>
        Assert.Equal(after is null ? "sort" : "after", Assert.Throws<ProblemException>(() => Order.Take([], sort, after, 5)).Problem.Extensions["field"]);

    private static List<(int Id, long Size)> Walk(List<(int Id, long Size)> all, string? sort, int limit, Action<List<(int Id, long Size)>, int> meanwhile)
    {
        var (seen, after) = (new List<(int Id, long Size)>(), (string?)null);
        do
        {
            (var part, after) = Order.Take(all, sort, after, limit);
            seen.AddRange(part);
            meanwhile(all, part.Length > 0 ? part[^1].Id : 0);
        }
        while (after is not null);
        return seen;
    }
}
