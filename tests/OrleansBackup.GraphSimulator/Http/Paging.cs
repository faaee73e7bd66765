namespace OrleansBackup.GraphSimulator.Http;

/// <summary>Links to more of a list.</summary>
internal static class Paging
{
    /// <summary>The request's own address with one option set.</summary>
    public static string WithOption(GraphRequest request, string option, string value)
    {
        var options = request.Query.Where(pair => !pair.Key.Equals(option, StringComparison.OrdinalIgnoreCase))
            .SelectMany(pair => pair.Value, (pair, item) => $"{pair.Key}={Uri.EscapeDataString(item ?? "")}")
            .Append($"{option}={Uri.EscapeDataString(value)}");
        return $"{request.ServiceRoot}{request.RawPath}?{string.Join('&', options)}";
    }
}
