using System.Text;
using OrleansBackup.Domain.Rehearsals;

namespace OrleansBackup.Domain.Tests.Rehearsals;

/// <summary>What was restored is compared value by value; a declared loss excuses what it speaks of and nothing else.</summary>
public sealed class ItemComparisonTests
{
    private static readonly string[] Names = ["subject", "body", "categories", "isAllDay", "attendees", "flag"];

    [Fact]
    public void The_same_item_has_one_hash_whatever_ids_it_has_and_whichever_way_nothing_is_said()
    {
        var before = Of("""{"id":"1","subject":"Plan","body":{"contentType":"text","content":"a"},"categories":[],"isAllDay":false,"attendees":[{"@odata.type":"#x","id":"7","name":"A"}]}""");
        var after = Of("""{"attendees":[{"name":"A","id":"8"}],"body":{"content":"a","contentType":"text"},"subject":"Plan","id":"2","flag":null}""");

        var compared = ItemComparison.Of(before, after, []);

        Assert.Equal((compared.Before, 0, 0), (compared.After, compared.Differences.Length, compared.Lost.Length));
    }

    [Theory]
    [InlineData("""{"subject":"Plan B","body":{"content":"a"}}""", "subject")]
    [InlineData("""{"body":{"content":"a"}}""", "subject")]
    [InlineData("""{"subject":"Plan","body":{"content":"a"},"isAllDay":true}""", "isAllDay")]
    [InlineData("""{"subject":"Plan","body":{"content":"b"}}""", "body.content")]
    [InlineData("""{"subject":"Plan","body":{"content":"a"},"categories":["x"]}""", "categories[0]")]
    public void Anything_else_is_a_difference_and_is_named_and_not_told(string json, string path)
    {
        var compared = ItemComparison.Of(Of("""{"subject":"Plan","body":{"content":"a"}}"""), Of(json), []);

        Assert.Equal([path], compared.Differences.AsEnumerable());
        Assert.NotEqual(compared.Before, compared.After);
    }

    [Fact]
    public void A_declared_loss_is_expected_and_what_it_does_not_speak_of_is_not()
    {
        var (before, after) = (Of("""{"subject":"Plan","attendees":[{"name":"A"}],"body":{"content":"a"}}"""), Of("""{"subject":"Plan","body":{"content":"a, with A"}}"""));

        var expected = ItemComparison.Of(before, after, [("attendees", null)]);
        Assert.Equal((expected.Before, 0), (expected.After, expected.Differences.Length));
        Assert.Equal(["attendees"], expected.Lost.AsEnumerable());
        Assert.Equal(["attendees[0].name", "body.content"], ItemComparison.Of(before, after, [("aLossThatNobodyKnows", null)]).Differences.AsEnumerable());
        Assert.Equal(["subject"], ItemComparison.Of(before, after with { Values = after.Values.SetItem("subject", "x") }, [("attendees", null)]).Differences.AsEnumerable());
    }

    [Theory]
    [InlineData("""{"body":null}""")]
    [InlineData("""{"subject":""}""")]
    [InlineData("""{"body":{"contentType":"html","content":null}}""")]
    public void What_had_no_text_is_the_same_after_the_service_gave_it_an_empty_one(string json)
    {
        var made = Of("""{"body":{"contentType":"html","content":""}}""");
        Assert.Empty(ItemComparison.Of(Of(json), made, []).Differences);
        Assert.Equal(["body.content", "body.contentType"], ItemComparison.Of(Of(json), Of("""{"body":{"contentType":"html","content":" "}}"""), []).Differences.AsEnumerable());
        Assert.Equal(["body.content", "body.contentType"], ItemComparison.Of(Of("""{"body":{"contentType":"html","content":"a"}}"""), made, []).Differences.AsEnumerable()); // a text that went is a loss
    }

    [Theory]
    [InlineData("column", "Budget", "fields.Budget", true)]
    [InlineData("column", "Budget", "fields.BudgetLookupId", true)]
    [InlineData("column", "Budget", "fields.BudgetOfLastYear", false)]
    [InlineData("column", null, "fields.Budget", false)]
    [InlineData("addresses", "toRecipients", "toRecipients[0].emailAddress.address", true)]
    [InlineData("addresses", "toRecipients", "ccRecipients[0].emailAddress.address", false)]
    [InlineData("flagDates", null, "flag.dueDateTime.dateTime", true)]
    [InlineData("flagDates", null, "flag.flagStatus", false)]
    public void A_loss_covers_its_own(string kind, string? name, string path, bool covered) => Assert.Equal(covered, ExpectedLoss.Covers(kind, name, path));

    [Fact]
    public void A_damaged_copy_names_a_bounded_number_of_differences()
    {
        var before = ItemPicture.Empty;
        for (var number = 0; number < 100; number++)
            before = before.With($"value{number}", "x");
        Assert.Equal(ItemComparison.MostDifferences, ItemComparison.Of(before, ItemPicture.Empty, []).Differences.Length);
    }

    private static ItemPicture Of(string json) => ItemPicture.Of(Encoding.UTF8.GetBytes(json), Names);
}
