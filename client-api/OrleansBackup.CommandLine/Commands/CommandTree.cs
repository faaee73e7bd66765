using System.CommandLine;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>All commands. What stands here is what help shows and completion knows.</summary>
internal static class CommandTree
{
    public const string Program = "orleansbackup";

    public static RootCommand Build(Surroundings surroundings)
    {
        var verbs = new Verbs(surroundings);
        var root = new RootCommand("Works with an OrleansBackup server: what is protected, running, restorable and owed. See 'orleansbackup COMMAND --help'.");
        foreach (var option in Parts.Everywhere)
            root.Options.Add(option);
        Command[] commands =
        [
            SignInCommands.SignIn(verbs), SignInCommands.SignOut(verbs),
            TenantCommands.Build(verbs), RegistrationCommands.Build(verbs), ResourceCommands.Build(verbs), RunCommands.Build(verbs), PointCommands.Build(verbs), RestoreCommands.Build(verbs),
            DownloadCommands.Build(verbs), ReportCommands.Build(verbs), CheckCommands.Build(verbs), InvoiceCommands.Build(verbs), ContractCommands.Build(verbs),
            BillingCommands.Billing(verbs), BillingCommands.WorkOrders(verbs), BillingCommands.PriceLists(verbs), NoticeCommands.OfContacts(verbs), NoticeCommands.OfNotices(verbs), NoticeCommands.OfWebhooks(verbs), NoticeCommands.OfSubscriptions(verbs),
            RequestCommands.Requests(verbs), RequestCommands.Openings(verbs), EndingCommands.Exports(verbs), EndingCommands.Erasures(verbs), EndingCommands.Destroying(verbs), EndingCommands.Proposals(verbs),
            RehearsalCommands.Build(verbs), VerifyCommands.Build(verbs), KeyCommands.Build(verbs), StoreCommands.Build(verbs), AuditCommands.Build(verbs), OperatorCommands.Service(verbs), OperatorCommands.Incidents(verbs),
            KeepingCommands.Certificates(verbs), KeepingCommands.Documents(verbs), OperatorCommands.Coverage(verbs), OperatorCommands.WhoAmI(verbs),
            ServiceCommands.Due(verbs), ServiceCommands.Problems(verbs), ServiceCommands.Problem(verbs), ServiceCommands.Api(verbs), CompletionCommands.Scripts(verbs), CompletionCommands.Candidates(verbs, root),
        ];
        foreach (var command in commands)
            root.Subcommands.Add(command);
        return root;
    }

    /// <summary>As it is typed, from the program's name on.</summary>
    public static string PathOf(Command command)
    {
        var names = new Stack<string>();
        for (Symbol? at = command; at is Command and not RootCommand; at = at.Parents.FirstOrDefault())
            names.Push(at.Name);
        names.Push(Program);
        return string.Join(' ', names);
    }
}
