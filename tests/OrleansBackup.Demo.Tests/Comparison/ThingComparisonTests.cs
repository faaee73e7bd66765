using System.Text.Json;
using OrleansBackup.Demo.Clients;
using OrleansBackup.Demo.Comparison;

namespace OrleansBackup.Demo.Tests.Comparison;

/// <summary>Whatever differs between the truth and a backup of anything but mail is noticed; a comparison that notices nothing proves nothing.</summary>
public sealed class ThingComparisonTests
{
    private static readonly ThingPicture File = new("file", "drive~1", "drive~0", "plan.pdf", Json("""{"fileSystemInfo":{"lastModifiedDateTime":"2026-03-01T08:00:00Z"}}"""), [new ThingContent("content", "aa")]);

    private static readonly ThingPicture Item = new("list-item", "list~1", "list", null, Json("""{"fields":{"Title":"Tea","Amount":3,"Due":null,"Tags":["red","blue"]}}"""), []);

    [Fact]
    public void What_is_equal_is_counted_by_kind_and_has_no_mismatch()
    {
        var results = ThingComparison.Compare([File, Item], [Item, File]);

        Assert.Equal(["file", "list-item"], results.ByKind.Keys);
        Assert.Equal((2, 0), (results.Total.Compared, results.Total.Mismatches.Length));
    }

    [Fact]
    public void A_missing_thing_is_noticed() => Noticed("presence", [File, Item], [Item]);

    [Fact]
    public void A_thing_that_should_be_gone_is_noticed() => Noticed("presence", [Item], [File, Item]);

    [Fact]
    public void A_thing_that_is_there_twice_is_noticed() => Noticed("presence", [File], [File, File]);

    [Fact]
    public void A_thing_in_another_place_is_noticed() => Noticed("container", [File], [File with { ContainerId = "drive~9" }]);

    [Fact]
    public void Another_name_is_noticed() => Noticed("name", [File], [File with { Name = "plan2.pdf" }]);

    [Fact]
    public void Other_bytes_are_noticed() => Noticed("contents", [File], [File with { Contents = [new ThingContent("content", "bb")] }]);

    [Fact]
    public void Bytes_that_are_not_there_are_noticed() => Noticed("contents", [File], [File with { Contents = [] }]);

    [Fact]
    public void Bytes_that_should_not_be_there_are_noticed() => Noticed("contents", [File], [File with { Contents = File.Contents.Add(new ThingContent("photo", "cc")) }]);

    [Theory]
    [InlineData("""{"fields":{"Title":"Coffee","Amount":3,"Tags":["red","blue"]}}""", "fields.Title")]
    [InlineData("""{"fields":{"Title":"Tea","Amount":3,"Due":"2026-01-01","Tags":["red","blue"]}}""", "fields.Due")]
    [InlineData("""{"fields":{"Title":"Tea","Tags":["red","blue"]}}""", "fields.Amount")]
    [InlineData("""{"fields":{"Title":"Tea","Amount":3,"Tags":["blue","red"]}}""", "fields.Tags[0]")]
    [InlineData("""{"fields":{"Title":"Tea","Amount":3,"Tags":["red"]}}""", "fields.Tags")]
    [InlineData("{}", "fields")]
    public void Another_property_is_noticed(string seen, string path) => Assert.Equal(path, ThingComparison.Compare([Item], [Item with { Properties = Json(seen) }]).Total.Mismatches[0].Property);

    [Fact]
    public void What_the_backup_tells_beyond_the_truth_is_no_difference() =>
        Assert.Empty(ThingComparison.Compare([Item], [Item with { Properties = Json("""{"eTag":"x","fields":{"Title":"Tea","Amount":3,"Edit":"","Tags":["red","blue"]}}""") }]).Total.Mismatches);

    [Fact]
    public void What_the_service_never_hands_out_may_be_missing() => Assert.Empty(ThingComparison.Compare([File with { IsReadable = false }], []).Total.Mismatches);

    [Fact]
    public void What_did_not_come_back_is_noticed_and_what_the_restore_declared_is_counted_apart()
    {
        Assert.Equal("presence", Assert.Single(ThingRestoreComparison.Compare(Item, null, []).Mismatches).Property);
        var without = Item with { Properties = Json("""{"fields":{"Title":"Tea","Tags":["red","blue"]}}""") };

        Assert.Equal("fields.Amount", Assert.Single(ThingRestoreComparison.Compare(Item, without, [Loss("column", "Notes")]).Mismatches).Property);
        Assert.Equal("fields.Amount", Assert.Single(ThingRestoreComparison.Compare(Item, without, [Loss("column", "Amount")]).DeclaredLosses).Property);
    }

    private static void Noticed(string property, ThingPicture[] truth, ThingPicture[] seen) => Assert.Equal(property, Assert.Single(ThingComparison.Compare(truth, seen).Total.Mismatches).Property);

    private static LossAnswer Loss(string kind, string name) => new(kind, name, null, "In words.");

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
