using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Commands that are one request: the address says their arguments, their options are members of the body or the query, the answer is a sheet or a table.</summary>
internal static class Requests
{
    private static readonly Option<string?> Confirm = new("--confirm") { Description = "id of a proposal of somebody else: say the same as he did, and it is done", HelpName = "PROPOSAL" };

    private static readonly Column[] Proposal =
    [
        Column.Id("proposal", "id"), Column.Text("act", "act"), Column.Text("by", "by"), Column.Time("lapses", "lapsesAt"),
    ];

    public static Command Show(this Verbs verbs, string name, string description, string path, Column[] sheet, params Field[] query)
    {
        var route = ApiRoute.Parse($"GET {path}");
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(query)], async (call, cancellation) =>
        {
            var (answer, tag) = await call.Api.GetForChangeAsync(await QueriedAsync(await route.AddressAsync(call, cancellation), query, call, cancellation), cancellation);
            call.Print.Sheet(answer, sheet);
            if (tag is not null)
                call.Print.Note($"tag: {tag}");
        });
    }

    public static Command List(this Verbs verbs, string name, string description, string path, string array, Column[] columns, params Field[] query)
    {
        var route = ApiRoute.Parse($"GET {path}");
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(query), Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(await QueriedAsync(await route.AddressAsync(call, cancellation), query, call, cancellation), array, cancellation), array, columns));
    }

    public static Command Save(this Verbs verbs, string name, string description, string path, params Field[] query)
    {
        var route = ApiRoute.Parse($"GET {path}");
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(query), Parts.To, Parts.Force], async (call, cancellation) =>
            await call.SaveAsync(await QueriedAsync(await route.AddressAsync(call, cancellation), query, call, cancellation), call.Get(Parts.To), cancellation));
    }

    /// <param name="request">Method and path.</param>
    public static Command Send(this Verbs verbs, string name, string description, string request, Column[] sheet, params Field[] body)
    {
        var route = ApiRoute.Parse(request);
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(body)], async (call, cancellation) =>
            Tell(call, await call.Api.ChangeAsync(route.Method, await route.AddressAsync(call, cancellation), await BodyAsync(body, null, call, cancellation), null, cancellation), sheet));
    }

    /// <summary>The secret of the answer alone on standard output, once.</summary>
    public static Command SendForSecret(this Verbs verbs, string name, string description, string request, params Field[] body)
    {
        var route = ApiRoute.Parse(request);
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(body)], async (call, cancellation) =>
            Secrets.Show(call, await call.Api.ChangeAsync(route.Method, await route.AddressAsync(call, cancellation), await BodyAsync(body, null, call, cancellation), null, cancellation)));
    }

    /// <summary>What is not given stays: the present state is read, changed, and put with its ETag.</summary>
    public static Command Change(this Verbs verbs, string name, string description, string path, Column[] sheet, params Field[] body)
    {
        var route = ApiRoute.Parse($"PUT {path}");
        return verbs.Make(name, description, [.. route.Asked, .. OptionsOf(body)], async (call, cancellation) =>
        {
            var address = await route.AddressAsync(call, cancellation);
            var (present, tag) = await call.Api.GetForChangeAsync(address, cancellation);
            Tell(call, await call.Api.ChangeAsync(HttpMethod.Put, address, await BodyAsync(body, present, call, cancellation), tag, cancellation), sheet);
        });
    }

    /// <summary>Puts a whole document that somebody keeps in a file; with <c>--tag</c> only if it is still the one that was looked at.</summary>
    public static Command Put(this Verbs verbs, string name, string description, string path, Column[] sheet)
    {
        var route = ApiRoute.Parse($"PUT {path}");
        var file = new Argument<string>("file") { Description = "the whole, as JSON; - is standard input" };
        var tag = new Option<string?>("--tag") { Description = "what 'show' said as tag: put it only if nobody has changed it since", HelpName = "TAG" };
        return verbs.Make(name, description, [.. route.Asked, file, tag], async (call, cancellation) =>
            Tell(call, await call.Api.ChangeAsync(HttpMethod.Put, await route.AddressAsync(call, cancellation), await call.JsonOfAsync(call.Get(file), cancellation), call.Get(tag), cancellation), sheet));
    }

    /// <summary>What destroys something for ever: proposed by one person, and done when a second says the same with <c>--confirm</c>.</summary>
    public static Command SendBySecondPerson(this Verbs verbs, string name, string description, string path, Column[] sheet, params Field[] body)
    {
        var route = ApiRoute.Parse($"POST {path}");
        return verbs.Make(name, $"{description} One person proposes it; it is done when a second says the same with --confirm.", [.. route.Asked, .. OptionsOf(body), Confirm], async (call, cancellation) =>
        {
            var confirmed = call.Get(Confirm);
            var answer = await call.Api.PostAsync((await route.AddressAsync(call, cancellation)).With(("confirm", confirmed)), await BodyAsync(body, null, call, cancellation), cancellation);
            Tell(call, answer, confirmed is null ? Proposal : sheet);
            if (confirmed is null)
                call.Print.Note($"Nothing is done yet. A second person says the same with his own key and --confirm {answer.Text("id")}.");
        });
    }

    private static IEnumerable<Option> OptionsOf(Field[] fields) => fields.Select(field => field.Option).OfType<Option>();

    public static void Tell(Call call, JsonElement answer, Column[] sheet)
    {
        if (answer.ValueKind == JsonValueKind.Undefined)
            call.Print.Note("Done.");
        else
            call.Print.Sheet(answer, sheet);
    }

    /// <param name="present">What members have that are not given; null: they are left out.</param>
    public static async Task<JsonObject?> BodyAsync(Field[] fields, JsonElement? present, Call call, CancellationToken cancellation)
    {
        if (fields.Length == 0)
            return null;
        var body = new JsonObject();
        foreach (var field in fields)
        {
            if (await field.Read(call, cancellation) is { } given)
                Put(body, field.Member, given);
            else if (present?.At(field.Member) is { ValueKind: not JsonValueKind.Undefined } kept)
                Put(body, field.Member, JsonNode.Parse(kept.GetRawText()));
        }
        return body;
    }

    private static void Put(JsonObject body, string member, JsonNode? value)
    {
        var steps = member.Split('.');
        foreach (var step in steps[..^1])
            body = (body[step] ??= new JsonObject()).AsObject();
        body[steps[^1]] = value;
    }

    private static async Task<string> QueriedAsync(string address, Field[] query, Call call, CancellationToken cancellation)
    {
        foreach (var field in query)
            address = address.With((field.Member, (await field.Read(call, cancellation))?.ToString()));
        return address;
    }
}
