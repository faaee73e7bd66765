using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansBackup.GraphSimulator.Http;
using OrleansBackup.GraphSimulator.Ids;

namespace OrleansBackup.GraphSimulator.Faults;

/// <summary>Plays a fault: instead of the answer, or on it.</summary>
internal static class FaultActs
{
    /// <summary>The answer of a fault that keeps the request from being carried out; null for the other kinds.</summary>
    /// <exception cref="GraphErrorException">The fault is an error answer.</exception>
    public static GraphResponse? Before(Fault fault, GraphRequest request, GraphPipeline pipeline) => fault.Kind switch
    {
        FaultKind.Status => pipeline.Error(request, Error(fault, 503, "serviceNotAvailable", "The service is temporarily unavailable.")),
        FaultKind.EmptyBody => RetryAfter(fault, new GraphResponse(fault.Status ?? 503)),
        FaultKind.Reset => new GraphResponse(200) { Delivery = Delivery.Reset },
        FaultKind.TokenRevoked => throw Error(fault, 401, "InvalidAuthenticationToken", "Access token has been revoked."),
        FaultKind.PermissionWithdrawn => throw Error(fault, 403, request.RawPath.Contains("/mail", StringComparison.OrdinalIgnoreCase)
            || request.RawPath.Contains("/messages", StringComparison.OrdinalIgnoreCase) ? "ErrorAccessDenied" : "Authorization_RequestDenied", "Access is denied. Check credentials and try again."),
        FaultKind.TokenDeath => throw new GraphErrorException(fault.Status ?? 410, fault.Code ?? "SyncStateNotFound",
            fault.Message ?? "The sync state generation is not found; continuationState=incompatible.")
        { Location = request.RawPath.StartsWith("/users/delta", StringComparison.OrdinalIgnoreCase) ? request.ServiceRoot + "/users/delta?$deltatoken="
            : request.RawPath.EndsWith("/root/delta", StringComparison.OrdinalIgnoreCase) ? request.ServiceRoot + request.RawPath : null },
        _ => null,
    };

    /// <summary>The answer after the fault's work on it.</summary>
    public static GraphResponse After(Fault fault, GraphRequest request, GraphResponse response) => fault.Kind switch
    {
        FaultKind.LostReply => response with { Delivery = Delivery.Reset },
        FaultKind.CutBody => response with { Delivery = Delivery.Cut },
        FaultKind.WrongLength => response with { Delivery = Delivery.ShortLength },
        FaultKind.CorruptJson => Text(response, Corrupt),
        FaultKind.ErrorInBody => Text(response, text => text[..(text.Length / 2)]
            + "{\"error\":{\"code\":\"InternalServerError\",\"message\":\"Error while processing response.\"}}"),
        FaultKind.ControlCharacters => Text(response, WithControlCharacters),
        FaultKind.EmptyPage => EmptyPage(request, response),
        FaultKind.RepeatedItems => Items(response, items => [.. items, .. items]),
        FaultKind.OutOfOrder => Items(response, items => [.. items.Reverse()]),
        FaultKind.ForgottenChanges => Items(response, _ => []),
        FaultKind.BlankItems => Items(response, items => items.Select(item => item["root"] is null && item["deleted"] is null && item["@removed"] is null ? new JsonObject { ["id"] = (string?)item["id"] } : item)),
        FaultKind.StrayRemoval => Items(response, items => [Stray(request), .. items]),
        FaultKind.LoopingDelta => Loop(fault, request, response),
        _ => response,
    };

    private static GraphErrorException Error(Fault fault, int status, string code, string message) =>
        new(fault.Status ?? status, fault.Code ?? code, fault.Message ?? message) { RetryAfter = fault.RetryAfterSeconds };

    private static GraphResponse RetryAfter(Fault fault, GraphResponse response) =>
        fault.RetryAfterSeconds is { } seconds ? response.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : response;

    private static GraphResponse Text(GraphResponse response, Func<string, string> change) =>
        response with { Body = Encoding.UTF8.GetBytes(change(response.BodyText)) };

    // Two strings grow together: what follows is no JSON for any reader.
    private static string Corrupt(string text)
    {
        var at = text.IndexOf("\",\"", text.Length / 2, StringComparison.Ordinal);
        return at < 0 ? text[..(text.Length / 2)] : text.Remove(at, 3);
    }

    // Into the first long string value, so that names and ids stay whole.
    private static string WithControlCharacters(string text)
    {
        foreach (var property in new[] { "\"subject\":\"", "\"displayName\":\"", "\"bodyPreview\":\"" })
        {
            var at = text.IndexOf(property, StringComparison.Ordinal);
            if (at >= 0)
                return text.Insert(at + property.Length, "\u0001\u000b\u001f");
        }
        return text;
    }

    private static GraphResponse EmptyPage(GraphRequest request, GraphResponse response) => Json(response, page =>
    {
        page["value"] = new JsonArray();
        page.Remove("@odata.deltaLink");
        page["@odata.nextLink"] = $"{request.ServiceRoot}{request.RawPath}{(request.QueryString.Length == 0 ? "?" : request.QueryString + "&")}empty=1";
    });

    private static GraphResponse Items(GraphResponse response, Func<IEnumerable<JsonNode>, IEnumerable<JsonNode>> change) => Json(response, page =>
    {
        if (page["value"] is JsonArray items)
            page["value"] = new JsonArray([.. change([.. items.OfType<JsonNode>()]).Select(item => item.DeepClone())]);
    });

    private static JsonObject Stray(GraphRequest request)
    {
        var owner = request.Tenant.Directory.Find(request.Values.GetValueOrDefault("user") ?? "");
        var id = owner is null ? Guid.Empty.ToString() : new ExchangeId(ExchangeIdKind.ImmutableMessage, owner.Id, long.MaxValue).ToString();
        return new JsonObject { ["id"] = id, ["@removed"] = new JsonObject { ["reason"] = "deleted" } };
    }

    private static GraphResponse Loop(Fault fault, GraphRequest request, GraphResponse response) => Json(response, page =>
    {
        page.Remove("@odata.deltaLink");
        var query = request.QueryString;
        var loop = query.IndexOf("&loop=", StringComparison.Ordinal);
        var number = loop < 0 ? 0 : int.Parse(query[(loop + 6)..], CultureInfo.InvariantCulture);
        var plain = loop < 0 ? query : query[..loop];
        page["@odata.nextLink"] = string.Create(CultureInfo.InvariantCulture,
            $"{request.ServiceRoot}{request.RawPath}{(plain.Length == 0 ? "?x=1" : plain)}{(fault.Code == "same" ? "" : $"&loop={number + 1}")}");
    });

    private static GraphResponse Json(GraphResponse response, Action<JsonObject> change)
    {
        if (response.Status != 200 || response.ContentType != GraphResponse.JsonType || JsonNode.Parse(response.Body.Span) is not JsonObject page)
            return response;
        change(page);
        return response with { Body = JsonSerializer.SerializeToUtf8Bytes(page) };
    }
}
