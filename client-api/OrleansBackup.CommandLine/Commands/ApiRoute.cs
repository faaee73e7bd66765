using System.CommandLine;
using OrleansBackup.CommandLine.Http;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>An address of the API with holes, which a command asks for as arguments: <c>POST tenants/{tenant}/work-orders/{order}/closing</c>.</summary>
/// <remarks>Customers and resources may be named as people call them. <c>[tenant]</c> is the customer of <c>--tenant</c>, or nothing: the whole estate.</remarks>
internal sealed record ApiRoute(HttpMethod Method, bool IsOfRoot, IReadOnlyList<string> Steps)
{
    private const string OfTenant = "[tenant]";

    private static readonly Dictionary<string, Argument<string>> Arguments = new(StringComparer.Ordinal)
    {
        ["{tenant}"] = Parts.Tenant, ["{resource}"] = Parts.Resource, ["{point}"] = Parts.Point, ["{month}"] = Parts.Month, ["{itemId}"] = Parts.Item,
        ["{act}"] = Named("act", "number of a proposal, as the contract lists it"),
        ["{number}"] = Named("number", "number of a change request, as the contract lists it"),
        ["{plan}"] = Named("plan", "id of a plan"),
        ["{invoice}"] = Named("invoice", "number of an invoice"),
        ["{order}"] = Named("order", "id of a piece of work"),
        ["{list}"] = Named("list", "id of a price list"),
        ["{webhook}"] = Named("webhook", "id of a webhook"),
        ["{notice}"] = Named("notice", "id of a notice"),
        ["{subscription}"] = Named("subscription", "id of a subscription"),
        ["{delivery}"] = Named("delivery", "id of a delivery"),
        ["{incident}"] = Named("incident", "id of an incident"),
        ["{request}"] = Named("request", "id of a restore request"),
        ["{opening}"] = Named("opening", "id of an opening"),
        ["{export}"] = Named("export", "id of an export"),
        ["{file}"] = Named("file", "name of a file of the export"),
        ["{search}"] = Named("search", "id of a search for a person"),
        ["{proposal}"] = Named("proposal", "id of a proposal"),
        ["{key}"] = Named("key", "id of a key"),
        ["{certificate}"] = Named("certificate", "id of a certificate: 64 hexadecimal digits"),
        ["{hold}"] = Named("hold", "id of a hold on documents"),
        ["{date}"] = Named("date", "the day of a deletion, the first half of its name"),
        ["{deletion}"] = Named("deletion", "the second half of its name"),
        ["{type}"] = Named("type", "the last part of a problem's type, such as not-found"),
    };

    public static ApiRoute Parse(string text) => text.Split(' ') is [var method, var path]
        ? new(HttpMethod.Parse(method), path.StartsWith('/'), path.Trim('/').Split('/'))
        : throw new FormatException($"'{text}' is not a method and an address.");

    /// <summary>What a command has to ask for, to fill the holes.</summary>
    public IEnumerable<Symbol> Asked => Steps.Where(IsHole).Select(step => step == OfTenant ? (Symbol)Parts.OfTenant : Arguments[step]);

    public async Task<string> AddressAsync(Call call, CancellationToken cancellation)
    {
        var (parts, tenant) = (new List<string>(), "");
        foreach (var step in Steps)
            switch (step)
            {
                case "{tenant}":
                    parts.Add(tenant = await call.TenantAsync(cancellation));
                    break;
                case "{resource}":
                    parts.Add(await Names.ResourceAsync(call.Api, tenant, call.Get(Parts.Resource), cancellation));
                    break;
                case OfTenant:
                    parts.AddRange(await call.OptionalTenantAsync(cancellation) is { } one ? ["tenants", one] : []);
                    break;
                default:
                    parts.Add(IsHole(step) ? call.Get(Arguments[step]) : step);
                    break;
            }
        return (IsOfRoot ? "/" : "") + Address.Of([.. parts]);
    }

    private static bool IsHole(string step) => step[0] is '{' or '[';

    private static Argument<string> Named(string name, string description) => new(name) { Description = description };
}
