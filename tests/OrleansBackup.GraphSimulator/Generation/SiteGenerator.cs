using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.World;

namespace OrleansBackup.GraphSimulator.Generation;

/// <summary>Fills a site from a seed: lists with columns of every kind, items, pages, and the lists that the service keeps for itself.</summary>
internal sealed class SiteGenerator(SimulatedSite site, SimulatedTenant tenant, TenantRecipe recipe, IReadOnlyList<SimulatedUser> people, ulong seed)
{
    private static readonly string[] States = ["Open", "Waiting", "Erledigt"];
    private static readonly string[] Tags = ["red", "green", "blau"];

    public void Fill()
    {
        var random = new SeededRandom(seed);
        var at = tenant.CreatedAt;
        var work = Add("Work", "genericList", WorkColumns());
        Add("Links", "genericList", [Title(), Column("Link", "hyperlinkOrPicture", """{"isPicture":false}"""), Column("Sum", "calculated", """{"formula":"=1+1","outputType":"number","format":null}""") with { IsReadOnly = true }]);
        Add("Empty list", "genericList", [Title()]);
        Add("Documents", "documentLibrary", [Title()]);
        Add("Site Pages", "webPageLibrary", [Title()]);
        Add("Access Requests", "accessRequest", [Title()], hidden: true);
        Add("Sharing Links", "sharingLinks", [Title()], hidden: true);
        Add("Client Side Assets", "genericList", [Title()], hidden: true);
        Add("appdata", "genericList", [Title()], hidden: true, system: true);
        var items = site.Items(work.Id);
        for (var i = 0; i < recipe.ItemsPerList; i++)
        {
            var item = NewItem(ref random, at.AddDays(-random.Below(400)), isFolder: i % 17 == 16) with { HasAttachments = i % 9 == 8 };
            items.Add((_, _) => item, at: at);
        }
        var links = site.Lists.Living.Single(list => list.State.DisplayName == "Links");
        for (var i = 0; i < Math.Min(3, recipe.ItemsPerList); i++)
        {
            var item = NewItem(ref random, at, isFolder: false);
            var address = JsonSerializer.Serialize(new { Url = $"https://example.com/{i}", Description = "A page" });
            site.Items(links.Id).Add((_, _) => item with { Fields = item.Fields.RemoveRange(item.Fields.Keys.Where(name => name != "Title")).SetItem("Link", address).SetItem("Sum", "2") }, at: at);
        }
        for (var i = 0; i < recipe.PagesPerSite; i++)
        {
            var page = NewPage(ref random, i, at.AddDays(-random.Below(300)));
            var id = random.NextGuid().ToString();
            site.Pages.Add((_, _) => page, _ => id, at);
        }

        ChronicleVersion<SiteListState> Add(string name, string template, ImmutableArray<ListColumn> columns, bool hidden = false, bool system = false)
        {
            var id = random.NextGuid().ToString();
            return site.Lists.Add((_, _) => new SiteListState { Name = name, DisplayName = name, Template = template, Columns = columns, IsHidden = hidden, IsSystem = system, CreatedAt = at }, _ => id, at);
        }
    }

    public ListItemState NewItem(ref SeededRandom random, DateTimeOffset at, bool isFolder)
    {
        var by = By(ref random);
        return new ListItemState
        {
            Fields = isFolder ? ImmutableSortedDictionary<string, string>.Empty.Add("Title", Text(random.Pick(Words.Folders))) : Fields(ref random, at),
            IsFolder = isFolder, Created = Whole(at), Modified = Whole(at), CreatedBy = by, ModifiedBy = by,
        };
    }

    public static ImmutableSortedDictionary<string, string> Fields(ref SeededRandom random, DateTimeOffset at)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        fields["Title"] = Text($"{random.Pick(Words.Topics)} {random.Below(1_000)}");
        fields["State"] = Text(random.Pick(States));
        if (random.Chance(0.8))
            fields["Amount"] = (random.Below(100_000) / 100.0).ToString(CultureInfo.InvariantCulture);
        if (random.Chance(0.6))
            fields["Due"] = Text(Http.GraphNodes.Time(Whole(at.AddDays(random.Below(90)))));
        if (random.Chance(0.5))
            fields["Notes"] = Text(Words.Paragraphs(ref random, 40 + random.Below(2_000), "\n"));
        if (random.Chance(0.5))
            fields["Done"] = random.Chance(0.5) ? "true" : "false";
        if (random.Chance(0.5))
            fields["Tags"] = JsonSerializer.Serialize(Tags.Where(_ => true).Take(1 + random.Below(3)));
        if (random.Chance(0.3))
            fields["OwnerLookupId"] = Text((1 + random.Below(9)).ToString(CultureInfo.InvariantCulture));
        return fields.ToImmutable();
    }

    public SitePageState NewPage(ref SeededRandom random, int number, DateTimeOffset at)
    {
        var by = By(ref random);
        var title = $"{random.Pick(Words.Topics)} {number + 1}";
        return new SitePageState
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"Page-{random.Below(100_000)}-{number}.aspx"), Title = number % 7 == 6 ? null : title, Layout = number == 0 ? "home" : "article",
            PromotionKind = number % 3 == 2 ? "newsPost" : "page", ShowComments = random.Chance(0.7), Description = title, Canvas = Canvas(ref random), IsPublished = number % 4 != 3,
            TitleArea = """{"enableGradientEffect":true,"layout":"plain","showAuthor":true,"showPublishedDate":false,"showTextBlockAboveTitle":false,"textAlignment":"left"}""",
            Created = Whole(at), Modified = Whole(at), CreatedBy = by, ModifiedBy = by,
        };
    }

    public static string Canvas(ref SeededRandom random)
    {
        var parts = new JsonArray();
        for (var i = 0; i <= random.Below(3); i++)
            parts.Add(new JsonObject { ["@odata.type"] = "#microsoft.graph.textWebPart", ["id"] = random.NextGuid().ToString(), ["innerHtml"] = $"<p>{Words.Paragraphs(ref random, 100 + random.Below(800), " ")}</p>" });
        return new JsonObject
        {
            ["horizontalSections"] = new JsonArray(new JsonObject
            {
                ["layout"] = "oneColumn", ["id"] = "1", ["emphasis"] = "none", ["columns"] = new JsonArray(new JsonObject { ["id"] = "1", ["width"] = 12, ["webparts"] = parts }),
            }),
        }.ToJsonString();
    }

    public string By(ref SeededRandom random) => people.Count == 0 ? "Somebody" : random.Pick(people).Id.ToString();

    internal static ImmutableArray<ListColumn> WorkColumns() =>
    [
        Title(), Column("State", "choice", """{"allowTextEntry":false,"choices":["Open","Waiting","Erledigt"],"displayAs":"dropDownMenu"}"""), Column("Amount", "number", """{"decimalPlaces":"automatic","displayAs":"number"}"""),
        Column("Due", "dateTime", """{"displayAs":"default","format":"dateTime"}"""), Column("Notes", "text", """{"allowMultipleLines":true,"linesForEditing":6,"textType":"plain"}"""), Column("Done", "boolean", "{}"),
        Column("Tags", "choice", """{"allowTextEntry":true,"choices":["red","green","blau"],"displayAs":"checkBoxes"}""") with { IsMultiple = true },
        Column("Owner", "personOrGroup", """{"allowMultipleSelection":false,"chooseFromType":"peopleOnly","displayAs":"nameWithPresence"}"""),
        Column("Attachments", "boolean", "{}") with { IsReadOnly = true }, Column("Edit", "text", "{}") with { IsReadOnly = true, IsHidden = true },
    ];

    public static ListColumn Title() => Column("Title", "text", """{"allowMultipleLines":false,"maxLength":255}""");

    public static ListColumn Column(string name, string facet, string json) =>
        new(new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))[..16]).ToString(), name, name, facet, json);

    private static string Text(string text) => JsonSerializer.Serialize(text);

    // SharePoint keeps seconds.
    private static DateTimeOffset Whole(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
