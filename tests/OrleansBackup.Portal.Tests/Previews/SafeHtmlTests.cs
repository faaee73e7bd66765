using System.Collections.Immutable;
using System.Text.RegularExpressions;
using OrleansBackup.Portal.Previews;

namespace OrleansBackup.Portal.Tests.Previews;

public sealed partial class SafeHtmlTests
{
    private static readonly ImmutableDictionary<string, string> Pictures = ImmutableDictionary<string, string>.Empty.Add("logo", "data:image/png;base64,AAAA");

    [Fact]
    public void Nothing_comes_out_that_does_not_stand_in_the_list() => Assert.All(HostileHtml.All, html =>
    {
        var safe = SafeHtml.Of($"<p>before</p>{html}", Pictures, "no picture");

        // Whatever is a tag here is one that we wrote: each other '<' is encoded.
        Assert.All(Tag().Matches(safe.Html), tag => Assert.Matches("^(b|a|p|div|span|table|tbody|tr|td|img|x|i|details)$", tag.Groups["name"].Value));
        Assert.All(Attribute().Matches(safe.Html), attribute => Assert.Matches("^(href|target|rel|class|src|alt|title|border|style-never)$", attribute.Groups["name"].Value));
        Assert.All(Source().Matches(safe.Html), source => Assert.StartsWith("data:image/", source.Groups["value"].Value, StringComparison.Ordinal));
        Assert.All(Link().Matches(safe.Html), link => Assert.Matches("^(https?|mailto|tel):", link.Groups["value"].Value));
        Assert.DoesNotContain("url(", safe.Sheet, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('<', safe.Sheet);
        Assert.DoesNotContain("position", safe.Sheet, StringComparison.Ordinal);
    });

    [Fact]
    public void What_is_harmless_stays_as_it_was() => Assert.Equal(
        "<p>Hello <b>there</b></p><ul><li>one</li><li>two</li></ul><table border=\"1\"><tr><td colspan=\"2\">&#x20AC; 5</td></tr></table>".Replace("&#x20AC;", "€", StringComparison.Ordinal),
        SafeHtml.Of("<p>Hello <b>there</b></p><ul><li>one<li>two</ul><table border=1><tr><td colspan='2'>&euro; 5</table>", Pictures, "").Html);

    [Fact]
    public void A_link_says_where_it_leads_and_hands_nothing_on() => Assert.Equal(
        "<a href=\"https://evil.example/x?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://bank.example</a><span class=\"to\"> [evil.example]</span>",
        SafeHtml.Of("<a href='https://evil.example/x?a=1&b=2' onclick=x>https://bank.example</a>", Pictures, "").Html);

    [Fact]
    public void Only_pictures_of_the_item_itself_are_shown_and_the_others_are_counted()
    {
        var safe = SafeHtml.Of("<img src=cid:logo><img src=cid:other alt=Map><img src=https://evil.example/p.gif>", Pictures, "not loaded");

        Assert.Equal("<img src=\"data:image/png;base64,AAAA\" alt=\"\"><span class=\"no-picture\">not loaded: Map</span><span class=\"no-picture\">not loaded</span>", safe.Html);
        Assert.Equal(2, safe.PicturesLeftOut);
    }

    [Fact]
    public void Styles_keep_what_colours_and_aligns_and_become_classes_of_ours()
    {
        var safe = SafeHtml.Of("<p style=\"color:#900; position:fixed; background:url(https://evil.example); text-align:center\">x</p><p style='color:#900;text-align:center'>y</p>", Pictures, "");

        Assert.Equal("<p class=\"s0\">x</p><p class=\"s0\">y</p>", safe.Html);
        Assert.Equal(".s0{color:#900;text-align:center;}\n", safe.Sheet);
    }

    [Theory]
    [InlineData("<div>", 2_000_000)]
    [InlineData("<a href=", 500_000)]
    [InlineData("<b><i><u>", 400_000)]
    [InlineData("<!--", 500_000)]
    [InlineData("<script>", 300_000)]
    [InlineData("&amp", 500_000)]
    [InlineData("<svg>", 400_000)]
    public void What_is_made_to_choke_us_is_cut_and_said_to_be(string part, int times)
    {
        var safe = SafeHtml.Of(string.Concat(Enumerable.Repeat(part, times)), Pictures, "");

        Assert.True(safe.IsCut);
        Assert.True(safe.Html.Length < 10_000_000, $"{safe.Html.Length}");
    }

    [Fact]
    public void What_is_opened_is_closed() => Assert.All(HostileHtml.All, html =>
    {
        var safe = SafeHtml.Of(html, Pictures, "").Html;
        var open = Tag().Matches(safe).Count(tag => tag.Groups["name"].Value is not ("img" or "br" or "hr" or "wbr" or "col"));

        Assert.Equal(open, safe.Split("</").Length - 1);
    });

    [Theory]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "image/png")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAYAAAAfFcSJ", null)] // 100,000 by 100,000 points
    [InlineData("R0lGODlhAQABAAAAACw=", "image/gif")]
    [InlineData("PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=", null)]
    [InlineData("", null)]
    public void A_picture_is_what_its_bytes_say_and_not_too_large_to_draw(string bytes, string? type) => Assert.Equal(type, PictureFile.ShowableType(Convert.FromBase64String(bytes)));

    [GeneratedRegex("<(?<name>[a-z0-9]+)[ >]")]
    private static partial Regex Tag();

    [GeneratedRegex("(?<=<[^<>]*) (?<name>[a-z-]+)=\"[^\"]*\"")]
    private static partial Regex Attribute();

    [GeneratedRegex(" src=\"(?<value>[^\"]*)\"")]
    private static partial Regex Source();

    [GeneratedRegex(" href=\"(?<value>[^\"]*)\"")]
    private static partial Regex Link();
}
