import {mountAll} from "../frame/mount";
import {signalExplorable} from "../signal";

mountAll(signalExplorable);
