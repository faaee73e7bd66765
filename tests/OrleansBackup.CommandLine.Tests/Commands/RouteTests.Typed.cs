namespace OrleansBackup.CommandLine.Tests.Commands;

/// <summary>One line for each command, with everything that it cannot do without.</summary>
public sealed partial class RouteTests
{
    private const string Lines = """
        tenants list
        tenants show T
        tenants add Contoso --id T --client-id C --secret-file FILE
        tenants settings T --retention-days 90
        registration list
        registration make
        registration give FILE
        registration show I
        registration use I T
        registration remove I
        tenants permissions T
        tenants discover T
        tenants forecast T
        resources list T
        resources show T R
        resources why T R
        resources debts T R
        resources restorability T
        run start T R
        run list T R
        run watch T R 1
        run cancel T R
        points list T R
        points folders T R latest
        points items T R latest f
        points item T R latest i
        points search T words
        points search T words --resource R --point 1
        points compare T R 1 2
        download item T R latest i --to TO
        download item T R latest i --role json --to TO
        download item T R latest i --attachment 0 --to TO
        download folder T R latest f --to TO
        restore preview T --resource R --point 1 --everything
        restore start T --resource R --point 1 --everything
        restore list T
        restore show T J
        restore watch T J
        restore outcomes T J
        restore cancel T J
        requests make T --resource R --point 1 --everything --asked-by a@b.nl --text words
        requests list T
        requests show T J
        requests approve T J --why W
        requests decline T J --why W
        requests confirm T J --satisfied yes --minutes 5 --note N
        openings open T R latest --protocol imap --why W
        openings list T
        openings of T R latest
        openings end T J
        openings policy T --customers-may-open no
        report list T
        report month T 2026-03 --format html --to TO
        report month T 2026-03 --format csv --to TO
        report month T 2026-03 --format pdf --to TO
        report month T 2026-03 --json
        report confirmation T 2026-03
        report confirm T 2026-03 --who W
        check list
        check show 2026-03-16
        check acknowledge 2026-03-16 --note N
        check work 2026-03-16 --group G
        incidents list
        incidents declare --kind thirdParty --nl N --en E --from 2026-03-14T10:00:00Z
        incidents correct J --kind thirdParty --nl N --en E --from 2026-03-14T10:00:00Z
        incidents end J --until 2026-03-14T11:00:00Z
        invoices list T
        invoices show T I
        invoices download T I --format html --to TO
        invoices download T I --format csv --to TO
        invoices download T I --format ubl --to TO
        invoices issue T
        invoices overdue
        invoices usage T
        billing profile T
        billing set-profile T FILE
        billing payments T
        billing pay T --id P --invoice I --on 2026-03-14 --amount 12.50
        billing credit T I --reason W
        billing usage T --to TO
        billing liability T
        work list T
        work open T --kind change --subject S --nl N --en E
        work close T J --minutes 5 --delivered yes
        work decide T J --charge no --reason W
        prices list
        prices show L
        prices put L FILE
        prices index L --from 2027-01-01 --percent 3.5 --reason W
        contract show T
        contract preview T
        contract try T --plan P --from 2026-04-01
        contract journal T
        contract plans
        contract plan P
        contract make T --plan P --start 2026-03-01 --reference R
        contract agreement T --signed 2026-03-01 --reference R
        contract terms T --version 2 --from 2026-03-01 --document D
        contract notice T --by a@b.nl --reference R
        contract process-notice T
        contract withdraw-notice T --by a@b.nl --reference R
        contract deletion T --on 2027-01-01 --reference R
        contract secured T --by a@b.nl --reference R
        contract ask-change T --change add --what W --by a@b.nl
        contract close-change T 1 --outcome O
        contract warn T --why W
        contract call-off T --why W
        contract freeze T --why W
        contract lift T --why W
        contract consequences foresee T --kind end --why W
        contract consequences propose T --kind end --why W
        contract consequences list T 1 --to TO
        contract consequences confirm T 1
        contract consequences drop T 1 --why W
        contacts show T
        contacts put T FILE
        notices list T
        notices resend T J
        webhooks list T
        webhooks show T J
        webhooks add T --url https://a.example/
        webhooks change T J --enabled no
        webhooks remove T J
        subscriptions kinds
        subscriptions list
        subscriptions show J
        subscriptions add --name N --address https://a.example/ --kind runFailed
        subscriptions change J --name N
        subscriptions remove J
        subscriptions new-secret J
        subscriptions test J
        subscriptions deliveries J
        subscriptions resend J D
        subscriptions list --tenant T
        subscriptions show J --tenant T
        subscriptions add --name N --address https://a.example/ --kind runFailed --tenant T
        subscriptions change J --name N --tenant T
        subscriptions remove J --tenant T
        subscriptions new-secret J --tenant T
        subscriptions test J --tenant T
        subscriptions deliveries J --tenant T
        subscriptions resend J D --tenant T
        exports start T --why W
        exports list T
        exports show T J
        exports watch T J
        exports save T J manifest.txt --to TO
        exports delete T J
        erasure search T --address a@b.nl --why W
        erasure list T
        erasure show T J
        erasure items T J
        erasure person T J --list H --all-found --why W --confirmation C
        erasure drop T J
        erasure resource T R --item i --why W --confirmation C
        destruction order T --why W --confirmation C
        destruction order T --why W --confirmation C --confirm J
        destruction show T
        destruction watch T
        destruction record T --to TO
        destruction key --to TO
        proposals list T
        proposals drop T J
        rehearsals list
        rehearsals show 2026-Q1
        rehearsals start --why W
        rehearsals watch 2026-Q1
        rehearsals record 2026-Q1 --to TO
        rehearsals inventory 2026-Q1 --to TO
        rehearsals list --tenant T
        rehearsals show 2026-Q1 --tenant T
        rehearsals start --why W --tenant T
        rehearsals watch 2026-Q1 --tenant T
        rehearsals record 2026-Q1 --to TO --tenant T
        rehearsals inventory 2026-Q1 --to TO --tenant T
        verify vault T R
        verify audit
        key list
        key show J
        key add monitoring --role auditor
        key rotate J
        key revoke J
        whoami
        store list
        store moves T
        store move T --to-store S --why W
        store watch T
        store countries T
        store set-countries T --country NL
        store sweep T
        store expire T R
        store brake T R
        store release-brake T R --why W
        store hold T R --why W
        store lift-hold T R --why W
        store accept T R --why W
        store hold-all T --why W
        store lift-hold-all T --why W
        certificates list T
        certificates show T J
        certificates make T
        certificates save T J --to TO
        certificates check T J
        certificates use T J
        certificates remove T J
        documents show
        documents deletion 2026-03-14 1 --to TO
        documents hold --why W
        documents lift-hold J
        audit list
        audit export --to TO
        audit list --tenant T
        audit export --to TO --tenant T
        service rotate-key --why W
        service rotation
        service watch-rotation
        service recover --why W
        service recovery
        service watch-recovery
        due
        coverage
        problems
        problem not-found
        """;

    private IEnumerable<string[]> Typed()
    {
        var file = FileWith("{}", "body.json");
        var count = 0;
        foreach (var line in Lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            yield return
            [
                .. line.Split(' ').Select(word => word switch
                {
                    "T" => "275b7bce-b115-cc55-1168-43965f673560",
                    "R" => "mailbox-1",
                    "J" or "I" or "L" or "P" or "D" => "019a0000-0000-7000-8000-000000000009",
                    "FILE" => file,
                    "TO" => Path.Combine(Folder, $"saved-{count++}"),
                    _ => word,
                }),
            ];
    }
}
