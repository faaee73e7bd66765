using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansBackup.ClientApi.Problems;

/// <summary>Refuses a number, flag or time of an address that cannot be read, by its name and before the filters of the route have done anything.</summary>
/// <remarks>
/// The framework cannot be left to it: of a parameter that has to be there it tells the name in a sentence only, and of one that may be
/// left out a handler that is made while compiling answers 400 and nothing more, after the filters (and so the audit book) have seen the request.
/// </remarks>
internal static class UnreadableParameters
{
    /// <exception cref="ProblemException">A parameter cannot be read.</exception>
    public static Task Refuse(HttpContext context, RequestDelegate next) => context.GetEndpoint() is { } endpoint && Find(endpoint, context.Request) is { } field
        ? throw new ProblemException(Problem.InvalidField(field, $"'{field}' cannot be read; see /docs for what it takes."))
        : next(context);

    private static string? Find(Endpoint endpoint, HttpRequest request) => request.Query.Count == 0 && request.RouteValues.Count == 0 ? null
        : endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
            .Where(parameter => parameter.Name is { } name && TextOf(request, name) is { Length: > 0 } text && !Reads(parameter.ParameterType, text))
            .Select(parameter => parameter.Name)
            .FirstOrDefault();

    private static string? TextOf(HttpRequest request, string name) =>
        request.RouteValues.TryGetValue(name, out var part) ? part?.ToString() : request.Query.TryGetValue(name, out var text) ? text.ToString() : null;

    private static bool Reads(Type type, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        var number when number == typeof(long) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        var flag when flag == typeof(bool) => bool.TryParse(text, out _),
        var time when time == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        var id when id == typeof(Guid) => Guid.TryParse(text, out _),
        _ => true,
    };
}
